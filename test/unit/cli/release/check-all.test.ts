import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { checkAll, checkText } from "../../../../cli/release/check";
import { policyOf } from "../../../../program/release-policy";
import { releasePolicy } from "../../../../config/stack";
import type { AppRecord } from "../../../../releases";
import { nextGuard } from "../../../../releases/guard";
import { StackFile } from "../../../../cli/release/stack-file";

describe("a check of every canary", () => {
  const folder = mkdtempSync(join(tmpdir(), "checks-"));
  const reported: string[] = [];
  let server: Server;
  let errors: number;
  let hasGaps = false;

  before(async () => {
    server = createServer((request, response) => {
      const query = new URL(request.url ?? "", "http://x").searchParams.get("query") ?? "";
      const restarts = query.includes("restarts");
      const value = restarts
        ? 0
        : query.includes("5..")
          ? errors
          : query.includes("quantile")
            ? 0.1
            : 1000;
      const isEmpty = query.includes("absent") && !hasGaps;
      const result = isEmpty ? [] : [{ metric: {}, value: [1, String(value)] }];
      response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  beforeEach(() => {
    reported.length = 0;
    hasGaps = false;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** Returns what a check needs of a record: the canary, for long, and what else is given. */
  function recorded(fields: Partial<AppRecord> = {}, key = "1.1.0"): AppRecord {
    const releases = { [key]: { canarySince: "2026-01-01T00:00:00.000Z" } };
    return { canary: { key, weight: 10 }, releases, ...fields } as AppRecord;
  }

  async function verdicts(
    prometheus: string | undefined,
    check?: object,
    record: AppRecord | undefined = recorded(),
  ): Promise<string[]> {
    const app = (name: string) => ({
      team: "commerce",
      domain: `${name}.platform.test`,
      image: `harbor.platform.test/${name}/${name}`,
      stable: { version: "1.0.0" },
    });
    const config = {
      "platform:environment": "dev",
      "platform:domain": "platform.test",
      "platform:cluster": { kubeconfig: ".kube/config", context: "dev" },
      "platform:components": { tenancy: { teams: { commerce: {} } } },
      "platform:releases": { checkRequired: false, prometheus, check },
      "platform:apps": {
        shop: { ...app("shop"), canary: { version: "1.1.0", weight: 10 } },
        news: app("news"),
      },
    };
    writeFileSync(join(folder, "Pulumi.test.yaml"), stringify({ config }, { compat: "yaml-1.1" }));
    const file = new StackFile("test", folder);
    return checkAll(
      file,
      (name) => Promise.resolve({ stack: "test", app: name, file, record, now: new Date() }),
      (name, result) => reported.push(checkText(name, result)),
    );
  }

  function answering(): string {
    const { port } = server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  it("gives a verdict for each canary, and none for an app without one", async () => {
    errors = 0;
    assert.deepEqual(await verdicts(answering()), ["pass"]);
    assert.equal(reported.length, 1);
    assert.match(reported.join(), /^shop: check: pass\n/);
  });

  it("passes none if Prometheus may have missed the first errors, and says what to do", async () => {
    hasGaps = true;
    errors = 0;
    assert.deepEqual(await verdicts(answering()), ["inconclusive"]);
    assert.match(
      reported.join(),
      /inconclusive errors: errors 0\.00% .*; some errors may be missing: expected samples of the gateway, gateway:instance:known and app:backend:info in Prometheus for the whole window, got gaps; check again .*, or update the platform stack/,
    );
  });

  it("does not judge a canary by the requests of the one that it will replace", async () => {
    for (const found of [0, 900]) {
      errors = found;
      reported.length = 0;
      assert.deepEqual(await verdicts(answering(), undefined, recorded({}, "1.0.9")), [
        "inconclusive",
      ]);
      assert.match(reported.join(), /the last update did not record 1\.1\.0 as the canary/);
    }
    const none = { releases: {} } as AppRecord;
    assert.deepEqual(await verdicts(answering(), undefined, none), ["inconclusive"]);
  });

  it("uses the last update's rules if those of the config are weaker", async () => {
    errors = 900;
    const nothing = { maximumErrorRatio: 1, highestErrorRatio: 1, errorFactor: 1000 };
    assert.deepEqual(await verdicts(answering(), nothing), ["pass"]);
    const guard = nextGuard(policyOf({ releases: releasePolicy.parse({}) }), undefined, []);
    assert.deepEqual(await verdicts(answering(), nothing, recorded({ guard })), ["inconclusive"]);
  });

  it("queries the last update's Prometheus if the config names another one", async () => {
    errors = 0;
    const asking = (prometheus: string) => {
      const policy = policyOf({ releases: releasePolicy.parse({ prometheus }) });
      return recorded({ guard: nextGuard(policy, undefined, []) });
    };
    const dead = "http://127.0.0.1:1";
    assert.deepEqual(await verdicts(dead, undefined, asking(answering())), ["pass"]);
    assert.deepEqual(await verdicts(answering(), undefined, asking(dead)), ["unchecked"]);
    assert.match(
      reported.join(),
      /Prometheus at http:\/\/127\.0\.0\.1:1 does not answer .*takes effect after an update that sets platform:releases\.weaker/,
    );
  });

  it("says that a canary cannot be checked if there is no Prometheus", async () => {
    assert.deepEqual(await verdicts(undefined), ["unchecked"]);
    assert.deepEqual(reported, ["shop: cannot be checked: there is no Prometheus to ask"]);
  });

  it("does not call a canary failed because Prometheus cannot be reached", async () => {
    assert.deepEqual(await verdicts("http://127.0.0.1:1"), ["unchecked"]);
    assert.match(reported.join(), /^shop: cannot be checked: Prometheus at \S+ does not answer/);
  });
});
