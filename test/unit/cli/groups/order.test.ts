import assert from "node:assert/strict";
import { parse } from "yaml";
import { childPipelines, parentPipeline } from "../../../../cli/pipeline/gitlab";
import { concernedBy } from "../../../../cli/stacks/concerned";
import { discover } from "../../../../cli/stacks/discover";
import { needsOf } from "../../../../cli/stacks/needs";
import { groupStates } from "../../../../cli/fleet/groups";
import { statesOf } from "../../../../cli/board/state";
import { parseStack } from "../../../../config";
import { earlySteps, groupsOf, ownAppsBefore } from "../../../../program/groups";
import { declared, Project, record, steady } from "../fleet/support";

const platform = "organization/platform/prod";

describe("the stacks of a release group", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
    project.stack("prod", { "platform:environment": "online" });
    for (const app of ["stock", "shop"]) {
      project.stack(`a-${app}`, {
        "platform:environment": "online",
        "platform:platformStack": platform,
        "platform:appFiles": `apps/prod/${app}.yaml`,
      });
      project.app(`apps/prod/${app}.yaml`, declared({ domain: `${app}.example.com` }));
    }
    write({});
  });
  afterEach(() => project.remove());

  function write(release: object, waves = [["stock"], ["shop"]]): void {
    project.app("apps/groups/prod/checkout.yaml", { waves, release });
  }
  const both = {
    stock: { from: "1.4.2", to: "1.5.0" },
    shop: { from: "1.4.2", to: "1.5.0" },
  };
  const canary = { version: "1.5.0", weight: 10 };
  const entries = () => discover(project.folder, "", project.folder);
  const needs = () =>
    Object.fromEntries(
      [...needsOf(entries(), project.folder)].map(([{ name }, all]) => [
        name,
        all.map((each) => each.name),
      ]),
    );
  const ask = (app: string, fields: object) =>
    project.app(`apps/prod/${app}.yaml`, declared({ domain: `${app}.example.com`, ...fields }));
  const state = () => groupStates(entries(), project.fleet().apps, project.folder)[0];

  it("come after those of the previous wave, and after the platform stack", () => {
    ask("shop", { canary });
    write(both);
    assert.deepEqual(needs(), {
      "a-shop": ["prod", "a-stock"],
      "a-stock": ["prod"],
      prod: [],
    });
  });

  it("go back in the opposite order", () => {
    write(both);
    assert.deepEqual(needs(), {
      "a-shop": ["prod"],
      "a-stock": ["prod", "a-shop"],
      prod: [],
    });
  });

  it("are affected by a change to the group's file, and others are not", () => {
    const changed = ["apps/groups/prod/checkout.yaml"];
    assert.deepEqual(
      concernedBy(entries(), changed, project.folder).map(({ name }) => name),
      ["a-shop", "a-stock"],
    );
  });

  it("are too early until the last update of the previous wave matches its files", async () => {
    ask("stock", { canary });
    ask("shop", { canary });
    write(both);
    const stack = parseStack(
      "a-shop",
      {
        environment: "online",
        domain: "example.com",
        cluster: { kubeconfig: "none", context: "none" },
        platformStack: platform,
        appFiles: "apps/prod/shop.yaml",
      },
      undefined,
      project.folder,
    );
    const groups = groupsOf("a-shop", stack, project.folder);
    const step = (kind: "start-canary" | "nothing") => [
      { name: "shop", plan: { steps: [{ kind }] } },
    ];
    const early = (stock: unknown, kind: "start-canary" | "nothing" = "start-canary") =>
      earlySteps(groups, step(kind), (name) => {
        assert.equal(name, "a-stock");
        return Promise.resolve({ releases: { stock } });
      });
    assert.deepEqual(await early(steady()), [
      "shop takes its step after an earlier wave of group checkout (apps/groups/prod/checkout.yaml): expected stock of stack a-stock at stable 1.4.2, canary 1.5.0 at 10%, got stable 1.4.2 by its last update; update stack a-stock first",
    ]);
    assert.deepEqual(await early(record()), []);
    assert.deepEqual(await early(steady(), "nothing"), []);
    assert.deepEqual(
      ownAppsBefore(groups, "shop", () => true),
      [],
    );
  });

  it("show whether a group is complete, waits for its updates, or is half-done", () => {
    assert.equal(state()?.kind, "none");
    ask("stock", { canary });
    ask("shop", { canary });
    write(both);
    project.recorded("a-stock", { stock: steady() }).recorded("a-shop", { shop: steady() });
    assert.equal(state()?.kind, "pending");
    project.recorded("a-stock", { stock: record() });
    assert.equal(state()?.kind, "half");
    assert.deepEqual(state()?.next, [
      "continue: npx platform stacks up --filter a-shop",
      "roll back: npx platform release group rollback checkout --stack prod",
    ]);
    const half = state();
    const shop = project.fleet().apps.find(({ app }) => app === "shop");
    assert.ok(half && shop);
    assert.ok(statesOf(shop, undefined, [half]).includes("half"));
    project.recorded("a-shop", { shop: record() });
    assert.equal(state()?.kind, "whole");
    assert.equal(state()?.text, "every app has a canary at 10%");
    // A single app was promoted, with its own command.
    ask("stock", { stable: { version: "1.5.0" } });
    project.recorded("a-stock", { stock: { ...record(), stable: "1.5.0", canary: undefined } });
    assert.equal(state()?.kind, "half");
    assert.match(state()?.next[0] ?? "", /^continue: npx platform release group promote checkout/);
  });

  it("have jobs in GitLab's child pipeline that wait for those of the previous wave", () => {
    ask("shop", { canary });
    write(both);
    const cwd = process.cwd();
    try {
      const parent = parentPipeline();
      process.chdir(project.folder);
      const [text = ""] = childPipelines("update", entries(), parent).values();
      const jobs = parse(text) as Record<string, { needs?: string[] }>;
      assert.deepEqual(jobs["up:a-shop"]?.needs, ["plan:a-shop", "up:prod", "up:a-stock"]);
    } finally {
      process.chdir(cwd);
    }
  });
});
