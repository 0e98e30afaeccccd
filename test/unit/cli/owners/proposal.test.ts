import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Author } from "../../../../cli/owners/author";
import { allOwnersViolations, ownersViolations } from "../../../../cli/owners/proposal";
import { gitIn } from "../../../../cli/preview/commits";
import { ownersRule } from "../../../../policy/rules/owners";
import { declared, Project } from "../fleet/support";

describe("the rule about who may change which files", () => {
  let project: Project;
  const git = (...args: string[]) => project.git(...args);
  const proposers = { commerce: ["ann"], content: ["bob", "ann2"], platform: ["root"] };
  const stack = (listed: object | undefined) => ({
    "platform:environment": "online",
    "platform:policy": listed === undefined ? {} : { proposers: listed },
  });

  let template: Project;
  before(() => {
    project = template = new Project()
      .stack("prod", stack(proposers))
      .app("apps/prod/shop.yaml", declared({ configDir: { "/etc/shop": "apps/prod/shop" } }))
      .file("apps/prod/shop/shop.conf", "a = 1")
      .app("apps/prod/news.yaml", declared({ team: "content" }));
    git("init", "--quiet", "--initial-branch=main", "--template=");
    git("add", ".");
    git("commit", "--quiet", "-m", "before");
    git("checkout", "--quiet", "-b", "change");
  });
  after(() => template.remove());
  beforeEach(() => {
    project = new Project();
    cpSync(template.folder, project.folder, { recursive: true });
  });
  afterEach(() => project.remove());

  /** Returns the violations of an author's change, as file and message. */
  function broken(by: string, environment: NodeJS.ProcessEnv = {}): string[] {
    git("add", "--all", ".");
    git("commit", "--quiet", "--allow-empty", "-m", "change");
    return ownersViolations(
      "Pulumi.prod.yaml",
      { login: by },
      environment,
      gitIn(project.folder),
    ).map(({ object }) => object);
  }

  /** Returns the violations of an author's change by the lists of all stacks, as file and message. */
  function brokenInAny(author: Author | undefined): string[] {
    git("add", "--all", ".");
    git("commit", "--quiet", "--allow-empty", "-m", "change");
    return allOwnersViolations(author, {}, gitIn(project.folder)).map(
      ({ object, message }) => `${object}: ${message}`,
    );
  }

  it("lets a team change its own app and the files that it mounts", () => {
    project.app(
      "apps/prod/shop.yaml",
      declared({ configDir: { "/etc/shop": "apps/prod/shop" }, port: 9000 }),
    );
    project.file("apps/prod/shop/shop.conf", "a = 2");
    assert.deepEqual(broken("ann"), []);
  });

  it("refuses changes to another team's app, the files that it mounts, and the platform", () => {
    project.app("apps/prod/shop.yaml", declared({ port: 9000 }));
    project.file("apps/prod/shop/shop.conf", "a = 2");
    project.file("index.ts", "");
    assert.deepEqual(broken("bob"), [
      "apps/prod/shop.yaml",
      "apps/prod/shop/shop.conf",
      "index.ts",
    ]);
  });

  it("refuses to take over, give away or delete another team's app", () => {
    project.app("apps/prod/shop.yaml", declared({ team: "content" }));
    rmSync(join(project.folder, "apps/prod/news.yaml"));
    assert.deepEqual(broken("bob"), ["apps/prod/shop.yaml"]);
    assert.deepEqual(broken("ann"), ["apps/prod/news.yaml", "apps/prod/shop.yaml"]);
  });

  it("does not attribute to the author what others merged meanwhile, in pipelines of merged results", () => {
    const fork = git("rev-parse", "main").trim();
    project.app("apps/prod/shop.yaml", declared({ port: 9000 }));
    git("commit", "--quiet", "--all", "-m", "of ann");
    const source = git("rev-parse", "HEAD").trim();
    git("checkout", "--quiet", "main");
    project.app("apps/prod/news.yaml", declared({ team: "content", port: 9000 }));
    git("commit", "--quiet", "--all", "-m", "of bob");
    const target = git("rev-parse", "HEAD").trim();
    git("merge", "--quiet", "--no-ff", "--no-edit", "change");
    const environment = {
      CI_COMMIT_SHA: git("rev-parse", "HEAD").trim(),
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: source,
      CI_MERGE_REQUEST_DIFF_BASE_SHA: fork,
      CI_MERGE_REQUEST_TARGET_BRANCH_SHA: target,
    };
    assert.deepEqual(broken("ann", environment), []);
    assert.deepEqual(broken("bob", environment), ["apps/prod/shop.yaml"]);
    // Without merged results, this variable is empty.
    git("checkout", "--quiet", "change");
    const own = { ...environment, CI_COMMIT_SHA: source, CI_MERGE_REQUEST_TARGET_BRANCH_SHA: "" };
    assert.deepEqual(broken("ann", own), []);
  });

  it("lets only members of the teams of all its apps, before and after, change a release group", () => {
    project.app("apps/groups/prod/checkout.yaml", { waves: [["shop"]] });
    assert.deepEqual(broken("bob"), ["apps/groups/prod/checkout.yaml"]);
    assert.deepEqual(broken("ann"), []);
    project.app("apps/groups/prod/checkout.yaml", { waves: [["shop"], ["news"]] });
    assert.deepEqual(broken("ann"), ["apps/groups/prod/checkout.yaml"]);
    const both = { commerce: ["ann"], content: ["ann"] };
    git("checkout", "--quiet", "main");
    project.stack("prod", stack(both));
    git("commit", "--quiet", "--all", "-m", "before");
    git("checkout", "--quiet", "change");
    git("rebase", "--quiet", "main");
    assert.deepEqual(broken("ann"), []);
    // The team of an app without a file is not known, so the platform owns the group.
    project.app("apps/groups/prod/checkout.yaml", { waves: [["shop"], ["news", "inline"]] });
    assert.deepEqual(broken("ann"), ["apps/groups/prod/checkout.yaml"]);
  });

  it("uses the list before the change, so nobody can add themselves", () => {
    project.stack("prod", stack({ ...proposers, platform: ["root", "bob"] }));
    assert.deepEqual(broken("bob"), ["Pulumi.prod.yaml"]);
    project.stack("prod", stack(undefined));
    assert.deepEqual(broken("bob"), ["Pulumi.prod.yaml"]);
  });

  it("does not apply to the platform team, to people who are not listed, or outside a merge request", () => {
    project.file("index.ts", "");
    assert.deepEqual(broken("root"), []);
    assert.deepEqual(broken("stranger"), []);
    assert.deepEqual(
      ownersViolations("Pulumi.prod.yaml", undefined, {}, gitIn(project.folder)),
      [],
    );
    assert.deepEqual(broken("bob"), ["index.ts"]);
  });

  it("also covers files that concern no stack, by the lists of all stacks", () => {
    for (const file of [".gitlab-ci.yml", "policy/exceptions.ts", "CODEOWNERS"]) {
      project.file(file, "changed\n");
    }
    project.stack("gray", stack({ content: ["bob"], platform: ["eve"] }));
    const found = brokenInAny({ login: "bob" }).map((line) => line.split(":")[0]);
    // Each file once, also if several stacks refuse it; the list of a new stack does not count yet.
    assert.deepEqual(found, [
      ".gitlab-ci.yml",
      "CODEOWNERS",
      "Pulumi.gray.yaml",
      "policy/exceptions.ts",
    ]);
    assert.deepEqual(brokenInAny({ login: "root" }), []);
    assert.deepEqual(brokenInAny(undefined), []);
  });

  it("refuses a change by an unknown author if anybody is listed", () => {
    project.file("index.ts", "");
    assert.deepEqual(brokenInAny({ unknown: "GitLab does not answer" }), [
      "Pulumi.prod.yaml: expected the author of the merge request, got none: it was not checked who may change these files; GitLab does not answer",
    ]);
    git("checkout", "--quiet", "main");
    project.stack("prod", stack(undefined));
    git("commit", "--quiet", "--all", "-m", "before");
    git("checkout", "--quiet", "-b", "other");
    assert.deepEqual(brokenInAny({ unknown: "GitLab does not answer" }), []);
  });

  it("refuses, and says what to do, if the previous commit is not in the clone", () => {
    const [found] = ownersViolations(
      "Pulumi.prod.yaml",
      { login: "bob" },
      { CI_MERGE_REQUEST_DIFF_BASE_SHA: "1".repeat(40) },
      gitIn(project.folder),
    );
    assert.match(
      found?.message ?? "",
      /expected the commit before the change, got a clone without it.*GIT_DEPTH: 0/,
    );
  });

  it("names the owner of a file and who may propose the change", () => {
    const files = [{ path: "apps/prod/shop.yaml", owners: ["commerce"] }];
    assert.deepEqual(ownersRule.check({ by: "bob", files }, proposers), [
      {
        object: "apps/prod/shop.yaml",
        message:
          "expected a file of team content, to which bob belongs, got one of team commerce; let its owner propose this change",
      },
    ]);
  });
});
