import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseStack } from "../../../../config";
import type { Context, Live } from "../../../../cli/release/context";
import { edits } from "../../../../cli/release/edits";
import { StackFile } from "../../../../cli/release/stack-file";
import { updateOrRevert } from "../../../../cli/release/update";
import { planReleases } from "../../../../program/releases";
import type { AppRecord } from "../../../../releases";

const loose = { forcedCanary: false, soak: "0s", checkRequired: false };
const roles = (stable: string) => {
  const role = { key: stable, name: `shop-${stable.replaceAll(".", "-")}` };
  const releases = { "shop-1-4-2": { ready: 2 }, "shop-1-5-0": { ready: 2 } };
  return { services: { stable: role, canary: role }, weight: 0, releases };
};
const seen = (stable: string): Live => ({ kind: "seen", app: roles(stable) });

describe("an update for a rollback that fails", () => {
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

  it("leaves the config as it is where the requests went back", async () => {
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

  it("puts the former config back where they did not, or where that is not known", async () => {
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
});
