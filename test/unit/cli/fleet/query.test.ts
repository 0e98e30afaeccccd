import assert from "node:assert/strict";
import { find, type Query } from "../../../../cli/fleet/query";
import { recordsOf } from "../../../../cli/fleet/records";
import { foundJson, foundText } from "../../../../cli/fleet/text";
import { helpOf, runHere } from "../../../support/commands";
import { declared, now, Project, record } from "./support";

const day = 86_400;

describe("a query over all stacks", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project()
      .stack("prod", { "platform:environment": "online", "platform:appFiles": "apps/prod" })
      .app("apps/prod/shop.yaml", declared({ canary: { version: "1.5.0", weight: 10 } }))
      .app(
        "apps/prod/news.yaml",
        declared({ team: "content", runtime: "php:7.2.11", preset: "php-fpm" }),
      )
      .stack("dev", {
        "platform:environment": "dev",
        "platform:apps": {
          shop: declared({ stable: { version: "1.5.0" } }),
          news: declared({ team: "content", runtime: "php:7.2.11", preset: "php-fpm" }),
        },
      })
      .recorded("prod", { shop: record() });
  });
  afterEach(() => project.remove());

  function found(query: Query): string[] {
    const { apps } = project.fleet();
    return find(apps, query, now).map(({ app }) => `${app.app} ${app.environment}`);
  }

  it("finds who runs a version, in any role", () => {
    assert.deepEqual(found({ version: "1.5.0" }), ["shop dev", "shop online"]);
    assert.deepEqual(found({ version: "1.4.1" }), ["shop online"]);
    assert.deepEqual(found({ version: "9" }), []);
  });

  it("finds apps by base image, preset, team and environment, combining all conditions", () => {
    assert.deepEqual(found({ runtime: "php" }), ["news dev", "news online"]);
    assert.deepEqual(found({ runtime: "php:7.2" }), ["news dev", "news online"]);
    assert.deepEqual(found({ runtime: "php:7.2.1" }), []);
    assert.deepEqual(found({ runtime: "node:24.18.0" }), ["shop dev", "shop online"]);
    assert.deepEqual(found({ preset: "php-fpm", environment: "dev" }), ["news dev"]);
    assert.deepEqual(found({ team: "commerce" }), ["shop dev", "shop online"]);
  });

  it("finds canaries that are older than a duration, from the records", () => {
    assert.deepEqual(found({ canaryOlderThan: 3 * day }), ["shop online"]);
    assert.deepEqual(found({ canaryOlderThan: 3 * day + 1 }), []);
  });

  it("finds apps that differ between environments, and how", () => {
    const { apps } = project.fleet();
    const [first] = find(apps, { differs: true }, now);
    assert.deepEqual(found({ differs: true }), ["shop dev", "shop online"]);
    assert.deepEqual(first?.differs, ["stable"]);
  });

  it("finds freezes of an app, its team and its stack that have not ended", () => {
    const freeze = { until: "2026-12-01T00:00:00Z", reason: "sale" };
    assert.deepEqual(found({ frozen: true }), []);
    project.app("apps/prod/shop.yaml", declared({ freeze }));
    assert.deepEqual(found({ frozen: true }), ["shop online"]);
    project.app(
      "apps/prod/shop.yaml",
      declared({ freeze: { ...freeze, until: "2026-11-01T00:00:00Z" } }),
    );
    assert.deepEqual(found({ frozen: true }), []);
    project.stack("prod", {
      "platform:environment": "online",
      "platform:appFiles": "apps/prod",
      "platform:teamFreezes": { content: freeze },
    });
    assert.deepEqual(found({ frozen: true }), ["news online"]);
  });

  it("shows in a table what is recorded, and what is known only from files", () => {
    const { apps } = project.fleet();
    assert.equal(
      foundText(find(apps, { team: "commerce" }, now), now),
      [
        "APP   ENVIRONMENT  TEAM      STABLE  CANARY             KEPT   RUNTIME       FROZEN  DIFFERS",
        "shop  dev          commerce  1.5.0   -                  -      node:24.18.0  -       stable",
        "shop  online       commerce  1.4.2   1.5.0 10% for 3 d  1.4.1  node:24.18.0  -       stable",
        "",
        "1 of 2 according to their files, without kept releases and ages: no engine",
      ].join("\n"),
    );
    assert.equal(foundText([], now), "no app matches");
  });

  it("returns the same as JSON for other programs", () => {
    const { apps } = project.fleet();
    const [shop] = JSON.parse(foundJson(find(apps, { version: "1.4.1" }, now))) as object[];
    const { releases, source } = shop as { releases: { role: string }[]; source: string };
    assert.deepEqual(
      releases.map(({ role }) => role),
      ["stable", "canary", "kept"],
    );
    assert.equal(source, "record");
  });

  it("names a file that cannot be read, and lists the other apps", () => {
    project.file("apps/prod/bad.yaml", "a: [");
    const { apps, problems } = project.fleet();
    assert.match(problems.join(), /Pulumi\.prod\.yaml: apps\/prod\/bad\.yaml: /);
    assert.equal(apps.length, 4);
  });

  it("names a record that is damaged, and shows what the file says", () => {
    project.recorded("prod", { shop: { schema: 1 } });
    const { apps, problems } = project.fleet();
    assert.match(problems.join(), /stack prod: The record of app "shop" .* cannot be read/);
    assert.equal(apps.find(({ stack, app }) => stack === "prod" && app === "shop")?.source, "file");
  });

  it("is a command with examples, and refuses an invalid duration", async () => {
    const run = (...args: string[]) => runHere("stacks", "query", ...args);
    assert.match(helpOf("stacks", "query"), /npx platform stacks query --canary-older-than 7d/);
    const { code, stderr } = await run("--canary-older-than", "week");
    assert.equal(code, 1);
    assert.match(stderr, /expected a duration such as 12h or 7d/);
    const { stdout } = await run("--no-records", "--environment", "online", "--json");
    const told = JSON.parse(stdout) as { app: string }[];
    assert.deepEqual(
      told.map(({ app }) => app),
      ["news", "shop"],
    );
  });
});

describe("the records of stacks", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
  });
  afterEach(() => project.remove());

  it("are read once per update, and again after the next one", async () => {
    const asked: string[] = [];
    const times = new Map<string, string | undefined>([
      ["prod", "t1"],
      ["new", undefined],
    ]);
    const engine = {
      lastUpdates: () => Promise.resolve(times),
      outputs: (stack: string) => {
        asked.push(stack);
        return Promise.resolve({ releases: { shop: asked.length } });
      },
    };
    const read = () => recordsOf(["prod", "new", "lost"], engine, project.folder, 2);
    const first = await read();
    assert.deepEqual(first.get("prod"), {
      kind: "known",
      releases: { shop: 1 },
      namespaces: {},
      at: "t1",
    });
    assert.deepEqual(first.get("new"), { kind: "known", releases: {}, namespaces: {} });
    assert.deepEqual(first.get("lost"), {
      kind: "unknown",
      reason: "the backend does not know the stack",
    });
    await read();
    assert.deepEqual(asked, ["prod"]);
    times.set("prod", "t2");
    assert.deepEqual((await read()).get("prod"), {
      kind: "known",
      releases: { shop: 2 },
      namespaces: {},
      at: "t2",
    });
  });

  it("are unknown, with the reason, if the backend does not respond", async () => {
    const engine = {
      lastUpdates: () => Promise.reject(new Error("no backend\nmore")),
      outputs: () => Promise.resolve(undefined),
    };
    const read = await recordsOf(["prod"], engine, project.folder, 2);
    assert.deepEqual(read.get("prod"), { kind: "unknown", reason: "no backend" });
  });
});
