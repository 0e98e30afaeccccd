import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseStack } from "../../../../config";
import type { Context, Live } from "../../../../cli/release/context";
import { edits } from "../../../../cli/release/edits";
import { StackFile } from "../../../../cli/release/stack-file";
import type { CheckResult } from "../../../../cli/release/verdict";
import { updateOrRevert } from "../../../../cli/release/update";
import type { Ended } from "../../../../engine/pulumi";
import { planReleases } from "../../../../program/releases";
import type { AppRecord } from "../../../../releases";

const loose = { forcedCanary: false, soak: "0s", checkRequired: false };
const roles = (stable: string) => {
  const role = { key: stable, name: `shop-${stable.replaceAll(".", "-")}` };
  const releases = { "shop-1-4-2": { ready: 2 }, "shop-1-5-0": { ready: 2 } };
  return { services: { stable: role, canary: role }, weight: 0, releases };
};
const seen = (stable: string): Live => ({ kind: "seen", app: roles(stable) });

describe("an update that does not succeed", () => {
  let folder: string;
  let said: string[];
  const { error } = console;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "update-"));
    return pulumi.runtime.setMocks({
      call: () => ({}),
      newResource: () => ({ id: "", state: {} }),
    });
  });
  beforeEach(() => {
    said = [];
    console.error = (text: string) => void said.push(text);
  });
  afterEach(() => (console.error = error));
  after(() => rmSync(folder, { recursive: true }));

  const path = () => join(folder, "Pulumi.dev.yaml");
  const stable = () => /version: ([\d.]+)/.exec(readFileSync(path(), "utf8"))?.[1];

  /** Writes a stack whose stable release is 1.5.0, with 1.4.2 kept. */
  function opened(): Context {
    const values = (version: string) => ({
      environment: "dev",
      domain: "platform.test",
      cluster: { kubeconfig: "none", context: "none" },
      releases: loose,
      apps: {
        shop: {
          team: "commerce",
          domain: "shop.platform.test",
          image: "harbor.platform.test/shop/shop",
          stable: { version },
        },
      },
    });
    let record: AppRecord | undefined;
    for (const version of ["1.4.2", "1.5.0"]) {
      const stack = parseStack("dev", values(version));
      const records: Record<string, unknown> = record === undefined ? {} : { shop: record };
      [record] = planReleases(stack, records, new Date()).map(({ plan }) => plan.next);
    }
    const lines = Object.entries(values("1.5.0")).map(
      ([key, value]) => `  platform:${key}: ${JSON.stringify(value)}`,
    );
    writeFileSync(
      path(),
      ["config:", ...lines].join("\n").replace('{"version":"1.5.0"}', "{ version: 1.5.0 }"),
    );
    const file = new StackFile("dev", folder);
    const context = { stack: "dev", app: "shop", file, record, now: new Date() };
    edits.rollback(context, undefined);
    file.save();
    assert.equal(stable(), "1.4.2");
    return context;
  }

  it("keeps the config if the requests of a rollback went back", async () => {
    const updates: (string | undefined)[] = [];
    const up = () => {
      updates.push(stable());
      return "failed" as const;
    };
    const look = () => Promise.resolve(seen("1.4.2"));
    assert.equal(await updateOrRevert(opened(), { up, look, goesBack: true }), false);
    assert.deepEqual([updates, stable()], [["1.4.2"], "1.4.2"]);
    assert.match(
      said.join(),
      /The rollback of shop is in place, but another part of the update failed/,
    );
  });

  it("restores the former config if they did not, or if that is unknown", async () => {
    for (const live of [seen("1.5.0"), { kind: "unseen", reason: "no answer" } as const]) {
      const updates: (string | undefined)[] = [];
      const up = () => {
        updates.push(stable());
        return updates.length === 1 ? ("failed" as const) : ("succeeded" as const);
      };
      const look = () => Promise.resolve(live);
      assert.equal(await updateOrRevert(opened(), { up, look, goesBack: true }), false);
      assert.deepEqual([updates, stable()], [["1.4.2", "1.5.0"], "1.5.0"]);
    }
  });

  /** An update with this result; it notes the stable release of the file with which it ran. */
  function upWith(...results: (Ended | Error)[]) {
    const ran: (string | undefined)[] = [];
    const up = () => {
      ran.push(stable());
      const result = results[ran.length - 1] ?? "succeeded";
      if (result instanceof Error) throw result;
      return result;
    };
    return { ran, up };
  }

  it("is not followed by another one after a signal; the former config is restored", async () => {
    const { ran, up } = upWith("stopped");
    assert.equal(await updateOrRevert(opened(), { up }), false);
    assert.deepEqual([ran, stable()], [["1.4.2"], "1.5.0"]);
    assert.match(
      said.join(),
      /the update was stopped; the previous config was restored, but not applied\. .* run "pulumi up --stack dev"/,
    );
  });

  it("is not followed by another one after a signal during the check", async () => {
    const { ran, up } = upWith("succeeded");
    const listeners = process.listenerCount("SIGTERM");
    const check = () => {
      process.emit("SIGTERM");
      return Promise.resolve({ verdict: "fail", findings: [] } as unknown as CheckResult);
    };
    assert.equal(await updateOrRevert(opened(), { up, check }), false);
    assert.deepEqual([ran, stable()], [["1.4.2"], "1.5.0"]);
    assert.match(said.join(), /the canary failed its check; the previous config was restored, but/);
    assert.equal(process.listenerCount("SIGTERM"), listeners);
  });

  it("leaves the config of a rollback after a signal", async () => {
    const { ran, up } = upWith("stopped");
    assert.equal(await updateOrRevert(opened(), { up, goesBack: true }), false);
    assert.deepEqual([ran, stable()], [["1.4.2"], "1.4.2"]);
    assert.match(
      said.join(),
      /stopped; the config is kept\. To finish the rollback, run "pulumi up/,
    );
  });

  it("restores the config if it could not begin", async () => {
    const { up } = upWith(new Error("pulumi cannot read the state"));
    await assert.rejects(
      updateOrRevert(opened(), { up }),
      /cannot read the state\nNothing was changed; the previous config was restored\./,
    );
    assert.equal(stable(), "1.5.0");
  });

  it("is not undone with a file that somebody else has changed, and says what to do", async () => {
    for (const result of ["failed", "stopped", "locked"] as const) {
      const { ran, up } = upWith(result);
      const context = opened();
      const changed = readFileSync(path(), "utf8").replace("1.4.2", "1.6.0");
      writeFileSync(path(), changed);
      await assert.rejects(
        updateOrRevert(context, { up }),
        /the config was not restored: .*Pulumi\.dev\.yaml changed meanwhile, and is kept with this change of shop\. Undo it there, and then run "pulumi up --stack dev"/,
      );
      assert.deepEqual([ran, readFileSync(path(), "utf8")], [["1.6.0"], changed]);
    }
  });
});
