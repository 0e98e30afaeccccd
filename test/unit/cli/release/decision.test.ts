import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseStack } from "../../../../config";
import { trafficOf } from "../../../../cli/preview/traffic";
import { configOf, planOf, addPlatform, type Context } from "../../../../cli/release/context";
import { historyJson, statusJson } from "../../../../cli/release/json";
import { readLive } from "../../../../cli/release/live";
import { StackFile } from "../../../../cli/release/stack-file";
import { trafficTable } from "../../../../cli/release/table";
import { RefusedReleases, planReleases } from "../../../../program/releases";
import type { LiveApp } from "../../../../program/wait/live-app";

const now = new Date("2026-11-21T12:00:00Z");
const later = new Date("2026-11-21T13:00:00Z");
const platformStack = "organization/platform/online";

type Fields = Record<string, unknown>;
/** What is decided: steps in sentences, or the rules that are broken. */
type Decided = { steps: string[] } | { refused: string[] };

function valuesWith(shop: Fields, more: Fields = {}): Fields {
  const kind = shop["kind"] === "worker" ? {} : { domain: "shop.platform.test" };
  const image = "harbor.platform.test/shop/shop";
  return {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    releases: { forcedCanary: true, soak: "0s", checkRequired: false },
    apps: { shop: { team: "commerce", image, ...kind, ...shop } },
    ...more,
  };
}

function recordOf(shop: Fields): unknown {
  const [planned] = planReleases(parseStack("dev", valuesWith(shop)), {}, now);
  return JSON.parse(JSON.stringify(planned?.plan.next)) as unknown;
}

function orRefused(decide: () => string[]): Decided {
  try {
    return { steps: decide() };
  } catch (error) {
    assert.ok(error instanceof RefusedReleases, String(error));
    return { refused: error.refusals.map(({ rule }) => rule) };
  }
}

describe("the program, the preview's report and the release commands", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "decision-"));
    return pulumi.runtime.setMocks({
      call: () => ({}),
      newResource: () => ({ id: "", state: {} }),
    });
  });
  after(() => rmSync(folder, { recursive: true }));

  function contextOf(
    values: Fields,
    record?: unknown,
    live?: LiveApp,
    unfinished?: string,
  ): Context {
    const config = Object.entries(values).map(([key, value]) => [`platform:${key}`, value]);
    const text = JSON.stringify({ config: Object.fromEntries(config) as Fields });
    writeFileSync(join(folder, "Pulumi.dev.yaml"), text);
    const file = new StackFile("dev", folder);
    const seen = live === undefined ? undefined : ({ kind: "seen", app: live } as const);
    const known = { record: record as never, live: seen, unfinished, now: later };
    return { stack: "dev", app: "shop", file, ...known };
  }

  /** Returns what all of them decide. */
  function decided(shop: Fields, record?: unknown, live?: LiveApp, unfinished?: string): Decided {
    const values = valuesWith(shop);
    const stack = parseStack("dev", values);
    const records = record === undefined ? {} : { shop: record };
    const lives: Record<string, LiveApp> = live === undefined ? {} : { shop: live };
    const moves: Record<string, string> = unfinished === undefined ? {} : { shop: unfinished };
    const program = orRefused(() =>
      planReleases(stack, records, later, lives, {}, moves).flatMap(({ plan }) =>
        plan.steps.map(({ text }) => text),
      ),
    );
    const command = orRefused(() =>
      planOf(contextOf(values, record, live, unfinished)).steps.map(({ text }) => text),
    );
    assert.deepEqual(command, program);
    const [report] = trafficOf("dev", stack, records, later, lives, {}, {}, moves);
    assert.ok(report !== undefined);
    if ("steps" in program) {
      assert.deepEqual(report.sentences.slice(0, program.steps.length), program.steps);
    } else {
      const refused = report.refusals.map(({ rule }) => rule);
      assert.deepEqual({ refused }, program);
    }
    return program;
  }

  const old = { stable: { version: "1.4.2" } };
  const next = { ...old, canary: { version: "1.5.0", weight: 0 } };
  const running = (key: string, more: Partial<LiveApp> = {}): LiveApp => {
    const role = { key, name: `shop-${key.replaceAll(".", "-")}` };
    const releases = { [role.name]: { ready: 2 } };
    return { services: { stable: role, canary: role }, weight: 0, releases, ...more };
  };

  it("judge by the record of an update that failed for another app, whatever the cluster shows", async () => {
    const record = recordOf(old) as object;
    const newer = { ...record, changedAt: later.toISOString(), noRollbackBelow: "1.4.0" };
    const type = "platform:app:App";
    const urn = `urn:pulumi:dev::platform::${type}::shop`;
    const context = contextOf(valuesWith(old), record);
    const read = await readLive({
      ...context,
      resources: [{ urn, type, custom: false, outputs: { record: newer } }],
    });
    assert.equal(read.record?.noRollbackBelow, "1.4.0");
  });

  it("show the status as JSON, and in the table for people with the word kept", () => {
    const record = recordOf(next);
    const promoted = { stable: { version: "1.5.0" } };
    const { releases, steps, differences } = statusJson(contextOf(valuesWith(promoted), record));
    const command = planOf(contextOf(valuesWith(promoted), record));
    assert.deepEqual(
      steps,
      command.steps.map(({ text }) => text),
    );
    assert.deepEqual(
      releases.map(({ release, role, weight }) => ({ release, role, weight })),
      [
        {
          release: "1.5.0",
          role: { now: "canary", after: "stable" },
          weight: { now: 0, after: 100 },
        },
        {
          release: "1.4.2",
          role: { now: "stable", after: "retained" },
          weight: { now: 100, after: 0 },
        },
      ],
    );
    assert.deepEqual(differences, []);
    const promotion = contextOf(valuesWith(promoted), record);
    const { app } = configOf(promotion);
    const table = trafficTable("shop", promotion.record, command, app);
    assert.match(table, /^1\.4\.2 .* stable → kept +100% → 0%/m);
    assert.doesNotMatch(table, /retained/);
    const { canaries, history } = historyJson(command.next);
    assert.deepEqual([history[0]?.kind, canaries.map(({ kind }) => kind)], ["promote", ["start"]]);
    assert.deepEqual(historyJson(undefined), { history: [], canaries: [] });
  });

  it("adopt the running release if the record is lost, and refuse any other", () => {
    assert.deepEqual(decided(old, undefined, running("1.4.2")), {
      steps: ["the record is lost; 1.4.2, which the cluster runs as stable, is recorded again"],
    });
    assert.ok("refused" in decided(old, undefined, running("1.4.1")));
  });

  it("do not repeat a migration of an update that failed afterwards", () => {
    const shop = { ...next, migrate: { command: ["migrate"] } };
    const record = recordOf(old);
    const steps = (live: LiveApp) => JSON.stringify(decided(shop, record, live));
    assert.match(steps(running("1.4.2")), /run the migration of 1\.5\.0/);
    const ran = {
      job: "shop-1-5-0-migrate",
      state: "complete" as const,
      version: "1.5.0",
      at: "2026-11-21T12:30:00Z",
    };
    const live = running("1.4.2", { migrations: { "shop-1-5-0": [ran] } });
    assert.doesNotMatch(steps(live), /migration/);
  });

  it("refuse another protocol and another kind", () => {
    const h2c = recordOf({ ...old, protocol: "h2c" });
    assert.deepEqual(decided(next, h2c), { refused: ["one-protocol"] });
    const worker = recordOf({ ...old, kind: "worker", scaling: { replicas: 2 } });
    const answer = decided(next, worker);
    assert.ok("refused" in answer && answer.refused.includes("one-kind"), JSON.stringify(answer));
  });

  it("refuse to revert a move that is not complete", () => {
    const answer = decided(next, recordOf(old), running("1.4.2"), "content-dev");
    assert.deepEqual(answer, { refused: ["move-unfinished"] });
  });

  it("name an app stack's namespaces as the platform stack does", async () => {
    const facts = {
      environment: "dev",
      gateway: { name: "dev", namespace: "gateway" },
      namespaces: { commerce: "shops" },
    };
    const record = { ...(recordOf(old) as object), namespace: "shops" };
    const context = contextOf(valuesWith(next, { platformStack }), record);
    const whole = await addPlatform(context, () => Promise.resolve({ platform: facts }));
    assert.deepEqual(planOf(whole).move, undefined);
  });
});
