import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stringify } from "yaml";
import { advance, advancedText, advanceEach } from "../../../../cli/release/advance";
import type { Context } from "../../../../cli/release/context";
import { CannotBeChecked } from "../../../../cli/release/prometheus";
import { takeTrafficAway } from "../../../../cli/release/update";
import { StackFile } from "../../../../cli/release/stack-file";
import type { CheckResult } from "../../../../cli/release/verdict";
import { bundleLoader, checkout } from "../../../../local/toolchain/paths";
import { mapTemplates } from "../../../../releases";
import { at, debug, hour, loose, Story } from "../../releases/story";

const steps = { weights: [5, 100], every: "30m", timeout: "6h" };
const trial = { stable: { version: "1.4.2" }, canary: { version: "1.5.0", weight: 5 } };

describe("the steps of a stack's apps", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "advance-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(apps: Record<string, object>): StackFile {
    const app = (name: string) => ({
      team: "commerce",
      domain: `${name}.platform.test`,
      image: `harbor.platform.test/${name}/${name}`,
      steps,
    });
    const config = {
      "platform:environment": "test",
      "platform:domain": "platform.test",
      "platform:cluster": { kubeconfig: "none", context: "none" },
      "platform:releases": { checkRequired: false, forcedCanary: false, soak: "0s" },
      "platform:apps": Object.fromEntries(
        Object.entries(apps).map(([name, fields]) => [
          name,
          structuredClone({ ...app(name), ...fields }),
        ]),
      ),
    };
    writeFileSync(join(folder, "Pulumi.t.yaml"), stringify({ config }, { compat: "yaml-1.1" }));
    return new StackFile("t", folder);
  }

  /** An app whose canary has 5% since the story's beginning. */
  function context(app: string, file: StackFile, waited: number): Context {
    const story = new Story(loose);
    story.up({}, -hour);
    story.up({ canary: trial.canary, template: debug }, 0);
    return { stack: "t", app, file, record: story.record, now: new Date(at(waited)) };
  }

  /** The same, of a worker. */
  function workerContext(app: string, file: StackFile, waited: number): Context {
    const { record, ...rest } = context(app, file, waited);
    assert.ok(record !== undefined);
    return {
      ...rest,
      record: mapTemplates(record, (template) => ({ ...template, kind: "worker" })),
    };
  }

  const silent = (): Promise<CheckResult> =>
    Promise.reject(new CannotBeChecked("Prometheus does not answer"));

  it("releases the first version of an app with its command, with a stub of the engine", function () {
    this.timeout(120_000);
    write({ shop: {} });
    const bin = join(folder, "bin");
    mkdirSync(bin);
    // As strict as this command needs: nothing was ever recorded, and anything else fails.
    const stub = `#!/bin/sh\n[ "$1 $2" = "stack export" ] && echo '{"version": 3, "deployment": {}}' || exit 1\n`;
    writeFileSync(join(bin, "pulumi"), stub);
    chmodSync(join(bin, "pulumi"), 0o755);
    const command = join(checkout, "cli/release/index.ts");
    const { status, stderr } = spawnSync(
      process.execPath,
      [bundleLoader, command, "canary", "shop", "1.0.0", "--stack", "t"],
      {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` },
      },
    );
    assert.equal(status, 0, stderr);
    assert.match(readFileSync(join(folder, "Pulumi.t.yaml"), "utf8"), /stable: .*1\.0\.0/);
  });

  it("skip an app without a release", async () => {
    const made = await advance({
      ...context("shop", write({ shop: {} }), hour),
      record: undefined,
    });
    assert.equal(advancedText(made), "shop: nothing to do: it has no release yet");
  });

  it("wait for a Prometheus that does not respond, but not forever", async () => {
    const early = await advance(context("shop", write({ shop: trial }), hour), silent);
    assert.equal(
      advancedText(early),
      "shop: nothing to do: the check of 1.5.0 is inconclusive (Prometheus does not answer); it waits, for 5 h at most",
    );
    const file = write({ shop: trial });
    const late = await advance(context("shop", file, 6 * hour), silent);
    assert.equal(late.step.kind, "take-away", advancedText(late));
    assert.equal(new StackFile("t", folder).get("shop", "canary", "weight"), 0);
  });

  it("say that the pods of a worker's canary stop", async () => {
    const check = { queries: { failed: { query: "sum(failed)", max: 0 } } };
    const worker = { ...trial, kind: "worker", domain: undefined, check };
    const failed: CheckResult = { verdict: "fail", findings: [], requests: 0 };
    const made = await advance(workerContext("mailer", write({ mailer: worker }), hour), () =>
      Promise.resolve(failed),
    );
    assert.equal(
      advancedText(made),
      "mailer: stable does all the work, and the canary's pods stop: the check of 1.5.0 fails",
    );
    const said: string[] = [];
    const { error } = console;
    console.error = (text: string) => void said.push(text);
    try {
      const file = write({ mailer: worker, shop: trial });
      await takeTrafficAway(workerContext("mailer", file, hour), () => "succeeded");
      await takeTrafficAway(context("shop", file, hour), () => "succeeded");
      await assert.rejects(
        takeTrafficAway(workerContext("mailer", file, hour), () => "failed"),
        /The update failed, so the canary of mailer may still have its share/,
      );
    } finally {
      console.error = error;
    }
    assert.deepEqual(said.slice(0, 2), [
      "The canary of mailer failed its check; stable does all the work, and the canary's pods stop.",
      "The canary of shop failed its check; stable takes all requests.",
    ]);
  });

  it("are taken even if another app fails, which is named", async () => {
    write({ news: trial, shop: trial });
    const passed: CheckResult = { verdict: "pass", findings: [], requests: 1000 };
    const { made, failed } = await advanceEach(["news", "shop"], (app) =>
      advance(context(app, new StackFile("t", folder), hour), () =>
        app === "news" ? Promise.reject(new Error("broken")) : Promise.resolve(passed),
      ),
    );
    assert.deepEqual(failed, [{ app: "news", reason: "broken" }]);
    assert.deepEqual(
      made.map(({ app, step }) => `${app} ${step.kind}`),
      ["shop promote"],
    );
    const file = new StackFile("t", folder);
    assert.equal(file.get("shop", "stable", "version"), "1.5.0");
    assert.equal(file.get("news", "stable", "version"), "1.4.2");
  });
});
