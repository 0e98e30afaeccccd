import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { childPipelines } from "../../../../cli/pipeline/gitlab";
import { concernedBy } from "../../../../cli/stacks/concerned";
import { discover } from "../../../../cli/stacks/discover";
import { declared, Project } from "../fleet/support";

const source = readFileSync(".gitlab-ci.yml", "utf8");

interface Job {
  extends?: string;
  needs?: string[];
  when?: string;
  variables?: Record<string, string>;
  environment?: { name: string; action: string };
  resource_group?: string;
  script?: string[];
  rules?: unknown;
}

describe("the stacks that a change concerns", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project()
      .stack("prod", { "platform:environment": "online" })
      .stack("shop.prod", { "platform:appFiles": "apps/prod/shop.yaml" })
      .stack("web.prod", { "platform:appFiles": "apps/web" })
      .app("apps/prod/shop.yaml", declared({ configDir: { "/etc/shop": "apps/prod/shop" } }))
      .file("apps/prod/shop/shop.conf", "a = 1")
      .app("apps/web/news.yaml", declared());
  });
  afterEach(() => project.remove());

  const concerned = (...files: string[]) =>
    concernedBy(discover(project.folder, "", project.folder), files, project.folder).map(
      ({ name }) => name,
    );

  for (const [what, file, stacks] of [
    ["a stack's own file", "Pulumi.prod.yaml", ["prod"]],
    ["an app's file", "apps/prod/shop.yaml", ["shop.prod"]],
    ["a file that an app mounts", "apps/prod/shop/shop.conf", ["shop.prod"]],
    ["an app that is gone from a folder", "apps/web/gone.yaml", ["web.prod"]],
    ["the program", "components/app/index.ts", ["prod", "shop.prod", "web.prod"]],
    ["a text that reaches objects", "ci/seed/jobs.groovy", ["prod", "shop.prod", "web.prod"]],
    ["a page", "docs/releases.md", []],
    ["a command", "cli/index.ts", []],
    ["a file whose name begins alike", "Pulumi.prod.yaml.bak", []],
  ] as const) {
    it(`are ${stacks.join(", ") || "none"} for ${what}`, () => {
      assert.deepEqual(concerned(file), stacks);
    });
  }

  it("are all stacks if the previous commit is unknown", () => {
    const entries = discover(project.folder, "", project.folder);
    assert.equal(concernedBy(entries, undefined, project.folder).length, 3);
  });

  it("are still listed if an app's file is invalid", () => {
    project.file("apps/prod/shop.yaml", "a: [");
    assert.deepEqual(concerned("apps/prod/shop.yaml"), ["shop.prod"]);
  });
});

describe("GitLab's child pipeline", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project()
      .stack("prod", {
        "platform:environment": "online",
        "platform:cluster": { kubeconfig: ".kube/production", context: "production" },
      })
      .stack("shop.prod", { "platform:platformStack": "organization/platform/prod" });
  });
  afterEach(() => project.remove());

  const child = (mode: "preview" | "update", filter = "") => {
    const entries = discover(project.folder, filter, project.folder);
    const [text = ""] = childPipelines(mode, entries, source).values();
    return parse(text) as Record<string, Job>;
  };

  it("previews each stack separately, and serialized with all other jobs on it", () => {
    const jobs = child("preview");
    assert.deepEqual(
      Object.keys(jobs).filter((name) => name.includes(":")),
      ["preview:prod", "preview:shop.prod"],
    );
    assert.deepEqual(jobs["preview:prod"], {
      extends: ".preview",
      variables: { STACK: "prod", KUBECONFIG_PATH: ".kube/production" },
      environment: { name: "prod-preview", action: "access" },
      needs: [],
    });
    assert.equal(jobs[".preview"]?.resource_group, "$STACK");
    assert.match(jobs[".preview"].script?.join() ?? "", /preview "\$STACK" .*--post/);
    // The source of a child pipeline is its parent, so a rule about merge requests would exclude the job.
    assert.equal(jobs[".preview"].rules, undefined);
  });

  it("updates the planned stacks by hand, an app stack after the platform stack", () => {
    const jobs = child("update");
    assert.deepEqual(jobs["up:shop.prod"]?.needs, ["plan:shop.prod", "up:prod"]);
    assert.deepEqual(jobs["up:prod"]?.needs, ["plan:prod"]);
    assert.equal(jobs["up:prod"].when, "manual");
    assert.deepEqual(jobs["up:prod"].environment, { name: "prod", action: "start" });
    assert.deepEqual(child("update", "shop")["up:shop.prod"]?.needs, ["plan:shop.prod"]);
  });

  it("has a job that does nothing if no stack is concerned, because GitLab requires one", () => {
    const jobs = child("preview", "none");
    assert.deepEqual(jobs["nothing"]?.script, ["echo 'no stack is concerned'"]);
  });
});
