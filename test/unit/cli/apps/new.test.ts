import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv from "ajv";
import { parse, parseDocument } from "yaml";
import { writeNewApp } from "../../../../cli/apps/new";
import { askForMissing, newAppOf, wordsOf } from "../../../../cli/apps/new-options";
import { newAppText, type NewApp } from "../../../../cli/apps/new-text";
import { referenceFolder } from "../../../../cli/config/reference";
import { schemaFiles } from "../../../../cli/config/schema";
import { parseStack } from "../../../../config";
import { ambiguousScalars } from "../../../../config/yaml-scalars";
import { errorsIn } from "../../config/errors-of";
import { small } from "../../config/small";

const common = {
  environment: "prod",
  team: "commerce",
  preset: "node",
  image: "harbor.platform.test/shop/shop",
};
const worker: NewApp = { ...common, app: "mailer", kind: "worker" };
const web: NewApp = { ...common, app: "orders", domain: "orders.platform.test" };
const full: NewApp = {
  ...worker,
  command: ["/app/shop", "send-mails", "--batch=10"],
  replicas: 4,
  metricsPort: 9090,
  checkQuery: { query: 'sum(increase(failed{pod=~"$release-.*"}[$window]))', max: 5 },
  cron: { name: "on", schedule: "30 2 * * *", command: ["/app/shop", "clean up"] },
  migrate: ["/app/shop", "migrate"],
};

/** Errors of a stack that requires checks, with the app as its file says. */
function errorsOf(text: string, parts: object = {}): string[] {
  const components = { ...small.components, gateway: { replicas: 2 }, ...parts };
  const app = { ...(parse(text) as object), stable: { version: "1.0.0" } };
  return errorsIn(() =>
    parseStack("prod", { ...small, components, releases: {}, apps: { mailer: app } }),
  );
}

/** The file with its examples as keys. */
function withExamples(text: string): string {
  return text.replaceAll(/^# ( |[a-z]+:)/gm, "$1");
}

describe("npx platform apps new", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "apps-new-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("writes the file of a worker, without the keys of apps with requests", () => {
    const text = readFileSync(join(folder, writeNewApp(worker, folder)), "utf8");
    assert.deepEqual(parse(text), {
      team: "commerce",
      kind: "worker",
      preset: "node",
      image: "harbor.platform.test/shop/shop",
      scaling: { replicas: 2 },
    });
    assert.doesNotMatch(text, /domain:|repository:/);
    assert.deepEqual(errorsOf(text), [
      "platform:apps.mailer.check.queries: expected at least one query, because a worker has no requests to check its canary with, got none; add one, or set platform:releases.checkRequired: false",
    ]);
  });

  it("writes every flag so that every YAML parser reads the same text", () => {
    const text = readFileSync(join(folder, writeNewApp(full, folder)), "utf8");
    assert.deepEqual(parse(text), {
      team: "commerce",
      kind: "worker",
      preset: "node",
      image: "harbor.platform.test/shop/shop",
      command: ["/app/shop", "send-mails", "--batch=10"],
      scaling: { replicas: 4 },
      metrics: { port: 9090 },
      check: { queries: { failed: full.checkQuery } },
      cron: { on: { schedule: "30 2 * * *", command: ["/app/shop", "clean up"] } },
      migrate: { command: ["/app/shop", "migrate"] },
    });
    assert.deepEqual(ambiguousScalars(parseDocument(text)), []);
    assert.deepEqual(errorsOf(text), []);
  });

  it("writes a worker that is scaled by its queue between two bounds", () => {
    const queue = { query: 'sum(rabbitmq_queue_messages_ready{queue="mails"})', perPod: 50 };
    const { checkQuery } = full;
    const prometheus = "http://prometheus.monitoring:9090";
    const autoscaling = { keda: { installedIn: "keda", prometheus } };
    for (const [given, bounds] of [
      [{}, { min: 2, max: 10 }],
      [
        { min: 1, max: 20 },
        { min: 1, max: 20 },
      ],
    ] as const) {
      const text = newAppText({ ...worker, checkQuery, queue, ...given });
      const { scaling } = parse(text) as { scaling: object };
      assert.deepEqual(scaling, { ...bounds, queries: { queue } });
      assert.deepEqual(errorsOf(text, { autoscaling }), []);
    }
    const web2 = parse(newAppText({ ...web, min: 3, max: 4 })) as { scaling: object };
    assert.deepEqual(web2.scaling, { min: 3, max: 4 });
  });

  it("has examples in its comments that are valid keys", () => {
    const validate = new Ajv({ allErrors: true, format: false }).compile(
      JSON.parse(readFileSync(join(referenceFolder, schemaFiles.app), "utf8")) as object,
    );
    for (const [given, keys] of [
      [worker, ["check", "command", "cron", "metrics", "migrate"]],
      [web, ["cron", "migrate", "repository"]],
    ] as const) {
      const [text, filled] = [newAppText(given), withExamples(newAppText(given))];
      const added = Object.keys(parse(filled) as object).filter(
        (key) => !Object.hasOwn(parse(text) as object, key),
      );
      assert.deepEqual(added.sort(), keys);
      assert.deepEqual(errorsOf(filled), []);
      assert.equal(validate(parse(filled)), true, JSON.stringify(validate.errors));
    }
  });

  it("writes neither a worker with keys of a web app nor a web app with keys of a worker", () => {
    const misplaced: [NewApp, key: string][] = [
      [{ ...worker, domain: "mailer.platform.test" }, "domain"],
      [{ ...worker, repository: "https://git.platform.test/a/b.git" }, "repository"],
      [{ ...web, command: ["/app/run"] }, "command"],
      [{ ...web, replicas: 3 }, "scaling.replicas"],
      [{ ...worker, min: 1 }, "scaling.min"],
      [{ ...web, domain: undefined }, "domain"],
    ];
    for (const [given, key] of misplaced) {
      assert.throws(() => writeNewApp(given, folder), new RegExp(`^Error: ${key}: expected `));
    }
    assert.equal(existsSync(join(folder, "apps")), false);
  });

  it("requires flags that belong together, and says which are missing", async () => {
    const flags = { ...common, kind: "worker" as const, domain: undefined };
    assert.deepEqual(
      newAppOf("mailer", {
        ...flags,
        checkQuery: "up",
        cron: "a",
        schedule: "0 0 * * *",
        cronCommand: wordsOf(" /app/run  now "),
      }),
      {
        ...flags,
        app: "mailer",
        checkQuery: { query: "up", max: 0 },
        cron: { name: "a", schedule: "0 0 * * *", command: ["/app/run", "now"] },
      },
    );
    assert.throws(
      () => newAppOf("mailer", { ...flags, schedule: "0 0 * * *" }),
      /^Error: --cron, --cron-command: expected all of --cron, --schedule, --cron-command or none/,
    );
    const queue = { queueQuery: "up", queuePerPod: 5 };
    assert.deepEqual(newAppOf("mailer", { ...flags, ...queue }).queue, { query: "up", perPod: 5 });
    assert.throws(
      () => newAppOf("mailer", { ...flags, queuePerPod: 5 }),
      /^Error: --queue-query: expected both of --queue-query and --queue-per-pod or none, got one$/,
    );
    assert.throws(() => newAppOf("mailer", { ...flags, checkMax: 1 }), /--check-query: expected/);
    assert.throws(
      () => newAppOf("mailer", { ...flags, checkQuery: "up", checkMax: NaN }),
      /--check-max: expected a number/,
    );
    // Without a terminal, a worker lacks no host name.
    assert.deepEqual(await askForMissing(flags), flags);
  });
});
