import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { concernedStacks } from "../../../../cli/pipeline/changes";
import { discover } from "../../../../cli/stacks/discover";
import { declared, Project } from "../fleet/support";

/** Simulates the API of a CI system, which knows what was applied. */
describe("the stacks that an update concerns", () => {
  let project: Project;
  let server: Server;
  let answers: Record<string, unknown>;
  let asked: string[];
  let commits: Record<"start" | "a" | "b", string>;
  beforeEach(async () => {
    project = new Project()
      .stack("prod", { "platform:environment": "online" })
      .stack("shop.prod", { "platform:appFiles": "apps/prod/shop.yaml" })
      .stack("news.prod", { "platform:appFiles": "apps/prod/news.yaml" })
      .app("apps/prod/shop.yaml", declared())
      .app("apps/prod/news.yaml", declared());
    project.git("init", "--quiet", "--initial-branch", "main");
    const start = committed();
    project.stack("prod", { "platform:environment": "gray" });
    const a = committed();
    project.app("apps/prod/shop.yaml", declared({ port: 9000 }));
    commits = { start, a, b: committed() };
    asked = [];
    server = createServer((request, response) => {
      asked.push(decodeURIComponent(request.url ?? ""));
      const [, body] = Object.entries(answers).find(([part]) => request.url?.includes(part)) ?? [];
      response.statusCode = body === undefined ? 403 : 200;
      response.end(JSON.stringify(body ?? { message: "no right" }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.close();
    project.remove();
  });

  function committed(): string {
    project.git("add", "--all", ".");
    project.git("commit", "--quiet", "--message", "change");
    return project.git("rev-parse", "HEAD").trim();
  }

  async function concerned(
    environment: NodeJS.ProcessEnv,
    options: { mode?: "preview"; base?: string } = {},
  ): Promise<string[]> {
    const entries = discover(project.folder, "", project.folder);
    const given = { mode: "update" as const, ...options, environment, project: project.folder };
    return (await concernedStacks(entries, given)).map(({ name }) => name);
  }
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gitlab = (before = "") => ({
    CI_API_V4_URL: address(),
    CI_PROJECT_ID: "7",
    GITLAB_TOKEN: "t0ken",
    CI_COMMIT_SHA: commits.b,
    CI_COMMIT_BEFORE_SHA: before,
  });
  const github = () => ({
    GITHUB_API_URL: address(),
    GITHUB_REPOSITORY: "company/platform",
    GITHUB_REF_NAME: "main",
    GITHUB_WORKFLOW_REF: "company/platform/.github/workflows/platform.yml@refs/heads/main",
    GITHUB_TOKEN: "t0ken",
  });
  const deployed = (shas: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(shas).map(([stack, sha]) => [`environment=${stack}&`, [{ sha }]]),
    );

  it("are on GitLab those that changed since their own last update, including by commits that were not applied", async () => {
    const { start, a } = commits;
    answers = deployed({ prod: start, "shop.prod": start, "news.prod": start });
    // The pipeline of A, which changed prod, was canceled.
    assert.deepEqual(await concerned(gitlab(a)), ["prod", "shop.prod"]);
    answers = deployed({ prod: a, "shop.prod": start, "news.prod": start });
    assert.deepEqual(await concerned(gitlab(a)), ["shop.prod"]);
    assert.ok(
      asked.includes(
        "/projects/7/deployments?environment=prod&status=success&order_by=id&sort=desc&per_page=1",
      ),
      asked.join("\n"),
    );
    // A pipeline that a person starts has no commit before it.
    assert.deepEqual(await concerned(gitlab("0".repeat(40))), ["shop.prod"]);
  });

  it("are on GitLab also those that were never updated, and those whose commit no longer exists", async () => {
    const { b } = commits;
    answers = {
      "environment=prod&": [{ sha: "1".repeat(40) }],
      "environment=shop.prod&": [],
      ...deployed({ "news.prod": b }),
    };
    assert.deepEqual(await concerned(gitlab()), ["prod", "shop.prod"]);
  });

  it("are on GitHub those that changed since the last push that was applied completely", async () => {
    const { start, a } = commits;
    const runs = (...shas: string[]) => ({
      "/runs": { workflow_runs: shas.map((sha) => ({ head_sha: sha })) },
    });
    answers = runs(start);
    assert.deepEqual(await concerned(github()), ["prod", "shop.prod"]);
    assert.match(
      asked[0] ?? "",
      /^\/repos\/company\/platform\/actions\/workflows\/platform\.yml\/runs\?branch=main&event=push&status=success/,
    );
    // A later commit, as seen by an earlier run that is started again, does not count.
    project.git("checkout", "--quiet", a);
    answers = runs(commits.b, start);
    assert.deepEqual(await concerned(github()), ["prod"]);
    answers = runs();
    assert.equal((await concerned(github())).length, 3);
  });

  it("are all stacks if nothing is known: without a response, without a token, and when run by hand", async () => {
    answers = {};
    for (const environment of [
      gitlab(commits.a),
      github(),
      { ...gitlab(commits.a), GITLAB_TOKEN: "" },
      { CI_COMMIT_BEFORE_SHA: commits.a },
      {},
    ]) {
      assert.equal((await concerned(environment)).length, 3);
    }
  });

  it("are those since a named commit; previews do not ask what is applied", async () => {
    answers = {};
    assert.deepEqual(await concerned(gitlab(), { base: commits.a }), ["shop.prod"]);
    assert.deepEqual(await concerned(gitlab(commits.a), { mode: "preview" }), ["shop.prod"]);
    assert.deepEqual(asked, []);
  });

  it("are in a pipeline of merged results only those that the merge request itself changes", async () => {
    // The source branch left main before A and B.
    project.git("checkout", "--quiet", "-b", "change", commits.start);
    project.app("apps/prod/news.yaml", declared({ port: 9000 }));
    const source = committed();
    project.git("checkout", "--quiet", "--detach", "main");
    project.git("merge", "--quiet", "--no-ff", "--no-edit", "change");
    const environment = {
      CI_COMMIT_SHA: project.git("rev-parse", "HEAD").trim(),
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: source,
      CI_MERGE_REQUEST_DIFF_BASE_SHA: commits.start,
      CI_MERGE_REQUEST_TARGET_BRANCH_SHA: commits.b,
    };
    assert.deepEqual(await concerned(environment, { mode: "preview" }), ["news.prod"]);
  });
});
