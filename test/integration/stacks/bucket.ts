import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster } from "../../../local/cluster";
import { folderBackend } from "../../support/backend";
import { bucket, StateBucket } from "../../support/bucket-stacks";
import { devApp } from "../../support/dev-stack";
import { succeeded, TestStack, type Ended } from "../../support/project";
import { waitUntilScaled } from "../../support/scaled";
import type { Keys } from "../../support/signed";
import { locksStacks } from "./bucket-locks";

const password = "a-password-that-must-stay-secret";

/** Without a probe, each pod of a worker must have run for some time. */
const ready = { probes: { readiness: { command: ["true"] } } };

/** Declares the tests of state in a bucket. Each continues where the one before it ended. */
export function keepsStateInBucket(current: () => Cluster): void {
  describe("state in a bucket of an S3 server", () => {
    let state: StateBucket;
    let cluster: Cluster;
    let platform: TestStack;
    let app: TestStack;
    const leftovers: string[] = [];
    before(async () => {
      state = await StateBucket.start();
      cluster = current();
      platform = state.stack("bucket-platform", cluster, {
        "platform:components": {
          tenancy: { teams: { commerce: { namespace: "mails" } } },
          registry: { external: { address: "images.test", credentials: { username: "robot" } } },
        },
      });
      const releases = { forcedCanary: true, soak: "0s", checkRequired: false };
      const config = {
        "platform:releases": releases,
        "platform:platformStack": "organization/platform/bucket-platform",
        // A worker needs no gateway.
        "platform:apps": { shop: { ...devApp("mailer"), ...ready, canary: undefined } },
      };
      app = state.stack("bucket-shop", cluster, config, platform);
    });
    after(async () => {
      await state?.store.stop();
      for (const stack of [platform, app]) stack?.remove();
      for (const file of leftovers) rmSync(file, { recursive: true, force: true });
    });

    it("requires one login, like any other backend", async () => {
      const home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
      leftovers.push(home);
      const { PULUMI_BACKEND_URL: url = "", ...others } = platform.environment;
      const apart = new TestStack("apart", cluster, undefined, home);
      delete apart.environment.PULUMI_BACKEND_URL;
      Object.assign(apart.environment, others, { PULUMI_HOME: home });
      succeeded(await apart.engine("login", url));
      const { output } = await apart.engine("whoami", "--verbose");
      assert.match(output, /Backend URL: s3:\/\/pulumi-state\?/);
    });

    it("accepts new stacks, and secrets that are encrypted in their files", async () => {
      for (const stack of [platform, app]) await stack.create();
      const key = "platform:components.registry.external.credentials.password";
      const stack = ["--stack", platform.name];
      succeeded(
        await platform.engine("config", "set", ...stack, "--secret", "--path", key, password),
      );
      assert.doesNotMatch(readFileSync(platform.configFile, "utf8"), new RegExp(password));
    });

    it("holds a platform stack and an app stack that reads it", async () => {
      const output = succeeded(await app.stacks("up", "--parallel", "2"));
      assert.match(output, /\[1\/2\] bucket-platform: up succeeded in [\d.]+ s: \d+ created/);
      assert.match(output, /\[2\/2\] bucket-shop: up succeeded in [\d.]+ s: \d+ created/);
      const changed = succeeded(await app.stacks("up", "--changed"));
      assert.match(changed, /2 stacks: 0 succeeded, 0 failed, 2 skipped/);
    });

    it("has no secret in plain text, in any version of any object", async () => {
      const versions = await state.store.versions(bucket, "");
      const kept = versions.filter(({ deleted }) => !deleted);
      const texts = await Promise.all(kept.map(({ key, id }) => state.store.text(bucket, key, id)));
      assert.ok(texts.some((text) => text.includes("dockerconfigjson")));
      for (const hidden of [password, Buffer.from(`robot:${password}`).toString("base64")]) {
        const found = kept.filter((_, index) => texts[index]?.includes(hidden));
        assert.deepEqual(found, [], hidden);
      }
    });

    it("can be read, but not changed, with the keys of merge requests", async () => {
      await waitUntilScaled((...args) => app.kubectl(...args));
      const comment = succeeded(await state.as(app, state.preview, () => app.platform("preview")));
      assert.match(comment, /\*\*No object changes\*\* in stack `bucket-shop`/);
      const before = await state.store.versions(bucket, "");
      await state.as(app, state.preview, () =>
        app.mustFail(/error: [^]*PutObject.*AccessDenied/, "up"),
      );
      assert.deepEqual(await state.store.versions(bucket, ""), before);
    });

    it("cannot be opened with wrong keys, as commands report", async () => {
      const wrongSecret = { ...state.release, secretKey: "of-somebody-else" };
      const wrongId = { ...state.release, accessKey: "unknown" };
      const wrong: [keys: Keys, command: () => Promise<Ended>, said: RegExp][] = [
        [wrongSecret, () => app.release("status", "shop"), /error: .*SignatureDoesNotMatch/],
        [wrongId, () => app.platform("preview"), /error: .*InvalidAccessKeyId/],
      ];
      for (const [keys, command, said] of wrong) {
        const { code, output } = await state.as(app, keys, command);
        assert.equal(code, 1, output);
        assert.match(output, said);
        assert.doesNotMatch(output, /\n +at .*:\d+:\d+/);
      }
    });

    it("carries a release from its canary to its promotion, and its history", async () => {
      succeeded(await app.release("canary", "shop", "1.5.0", "--weight", "10", "--update"));
      succeeded(await app.release("promote", "shop", "--update"));
      const history = succeeded(await app.release("history", "shop"));
      assert.match(
        history,
        /promote +1\.4\.2 → 1\.5\.0\n.*canary start +1\.5\.0 at 10%\n.*first +1\.4\.2/,
      );
      const { code, output } = await app.release("rollback", "shop", "9.9.9");
      assert.equal(code, 1, output);
      assert.match(output, /cannot roll back to 9\.9\.9; kept releases: 1\.4\.2/);
    });

    it("keeps a history of updates, and former versions from which a lost state can be restored", async () => {
      const history = await app.engine("stack", "history", "--json", "--stack", app.name);
      const updates = JSON.parse(succeeded(history)) as { kind: string; result: string }[];
      assert.ok(updates.filter(({ result }) => result === "succeeded").length >= 3, history.output);

      const key = `.pulumi/stacks/platform/${app.name}.json`;
      // The engine ignores deletions that are denied; all objects must still exist.
      const objects = await state.store.keys(bucket);
      const remove = ["stack", "rm", "--yes", "--force", "--preserve-config", "--stack", app.name];
      await app.engine(...remove);
      assert.deepEqual(await state.store.keys(bucket), objects);

      await state.store.delete(bucket, key);
      const lost = await app.stacks("preview", "--filter", app.name);
      assert.match(lost.output, /the backend has no stack bucket-shop yet/);
      const versions = (await state.store.versions(bucket, key)).filter((each) => each.key === key);
      const marker = versions.find(({ deleted }) => deleted);
      const last = versions.find(({ deleted }) => !deleted);
      assert.ok(marker && last);
      await assert.rejects(state.store.delete(bucket, key, last.id), /AccessDenied/);
      await state.store.delete(bucket, key, marker.id);
      const whole = await state.store.text(bucket, key, last.id);
      assert.equal(await state.store.text(bucket, key), whole);

      // What is put back, the move to another backend finds as it was.
      await state.store.put(bucket, key, "{}");
      await state.store.put(bucket, key, whole);
    });

    it("accepts a state that is sent in parts", async () => {
      const large = state.stack("bucket-large", cluster, {});
      leftovers.push(large.folder);
      await large.create();
      const filled = {
        urn: "urn:pulumi:bucket-large::platform::pulumi:pulumi:Stack::platform-bucket-large",
        type: "pulumi:pulumi:Stack",
        custom: false,
        outputs: { filling: "x".repeat(20 * 1024 * 1024) },
      };
      await large.editState((deployment) => {
        deployment.resources = [filled];
      });
      const { filling } = await large.outputs();
      assert.equal(String(filling).length, 20 * 1024 * 1024);
    });

    it("moves to another backend unchanged", async () => {
      const file = (stack: TestStack) => join(stack.folder, `${stack.name}.state.json`);
      const elsewhere = folderBackend(join(platform.folder, "elsewhere")).environment;
      for (const stack of [platform, app]) {
        const target = ["--stack", stack.name, "--file", file(stack)];
        succeeded(await stack.engine("stack", "export", ...target));
        const before = readFileSync(stack.configFile, "utf8");
        await stack.withVariables(elsewhere, async () => {
          await stack.create();
          succeeded(await stack.engine("stack", "import", ...target));
        });
        assert.equal(readFileSync(stack.configFile, "utf8"), before);
      }
      const there = succeeded(await app.withVariables(elsewhere, () => app.stacks("preview")));
      assert.match(there, /bucket-platform: preview succeeded in [\d.]+ s: no changes/);
      assert.match(there, /bucket-shop: preview succeeded in [\d.]+ s: no changes/);
    });

    locksStacks(() => ({ state, cluster, stack: app }));
  });
}
