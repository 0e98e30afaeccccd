import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterReport } from "../../../local/commands/cluster-status";
import { leafCommands, runHere } from "../../support/commands";

/** First words of the descriptions of commands that only show something. */
const showing =
  /^(checks|compares|explains|finds|inspects|lists|previews|prints|reports|shows|tells)\b/i;

/** First words of the descriptions of commands that do something else, or write files. */
const acting = new RegExp(
  `^(${[
    ...["applies", "brings", "changes", "destroys", "ends", "fetches", "gives", "lifts", "links"],
    ...["makes", "measures", "moves", "removes", "renders", "restores", "sends", "starts", "stops"],
    ...["sums up", "takes", "updates", "writes"],
  ].join("|")})\\b`,
  "i",
);

/** Commands whose whole output is for a program already. */
const plain: Record<string, string> = {
  "local env": "a shell evaluates it",
  completion: "a shell evaluates it",
  "config schema": "it is JSON",
};

describe("JSON of the commands", () => {
  it("is an option of every command that only shows something", () => {
    const options = new Map(
      leafCommands().map(([line, command]) => [
        line,
        command.options.find(({ long }) => long === "--json"),
      ]),
    );
    const wrong = leafCommands().flatMap(([line, command]) => {
      const text = command.description();
      const shows = showing.test(text);
      if (!shows && !acting.test(text)) return [`${line}: neither shows nor changes: ${text}`];
      const needs = shows && !Object.hasOwn(plain, line);
      return needs && options.get(line) === undefined ? [`${line}: has no --json`] : [];
    });
    assert.deepEqual(wrong, []);
    for (const [line, option] of options) {
      if (option !== undefined) assert.match(option.description, /^prints /, line);
    }
    for (const line of Object.keys(plain)) assert.ok(options.has(line), line);
  });

  it("of a local cluster says which parts run, with exit code 1 if one does not", async () => {
    for (const words of [["status"], ["cluster", "status", "--name", "no-such-cluster"]]) {
      const former = process.env.PLATFORM_CLUSTER;
      process.env.PLATFORM_CLUSTER = "no-such-cluster";
      const [text, json] = await runTwice("local", ...words).finally(() => {
        process.env.PLATFORM_CLUSTER = former;
        if (former === undefined) delete process.env.PLATFORM_CLUSTER;
      });
      assert.deepEqual([text.code, json.code], [1, 1]);
      assert.match(text.stdout, /^etcd +not running$/m);
      assert.match(text.stderr, /^cluster no-such-cluster: not every part runs; to start it: npx /);
      const report = JSON.parse(json.stdout) as ClusterReport;
      assert.equal(report.name, "no-such-cluster");
      assert.equal(report.running, false);
      assert.equal(report.parts["kube-apiserver"], false);
    }
  });

  it("of committed renderings is empty for a stack without any", async () => {
    const { code, stdout } = await runHere("charts", "check", "dev", "--json");
    assert.deepEqual([code, JSON.parse(stdout)], [0, []]);
  });

  it("of the owners of a merge request's files is empty outside of a merge request", async () => {
    const { env } = process;
    process.env = { PATH: env["PATH"] };
    const { code, stdout, stderr } = await runHere("stacks", "owners", "--json").finally(
      () => (process.env = env),
    );
    assert.deepEqual([code, JSON.parse(stdout)], [0, []]);
    assert.match(stderr, /does not belong to a merge request/);
  });

  it("of a preview that cannot run has the reason, also in the file that --report names", async () => {
    const folder = mkdtempSync(join(tmpdir(), "report-"));
    try {
      const file = join(folder, "previews", "nowhere.json");
      const { code, stdout, stderr } = await runHere(
        ...["preview", "nowhere", "--json", "--report", file],
      );
      assert.equal(code, 1);
      assert.match(stderr, /got "nowhere"/);
      assert.equal(readFileSync(file, "utf8"), stdout);
      const { verdict, errors } = JSON.parse(stdout) as { verdict: string; errors: string[] };
      assert.equal(verdict, "failed");
      assert.match(errors.join(), /got "nowhere"/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("lists the stacks of the project with their apps", async () => {
    const { code, stdout } = await runHere("stacks", "list", "--json");
    assert.equal(code, 0);
    const stacks = JSON.parse(stdout) as { stack: string; environment: string; apps: string[] }[];
    const dev = stacks.find(({ stack }) => stack === "dev");
    assert.equal(dev?.environment, "dev");
    assert.ok(dev.apps.includes("shop"));
  });

  it("explains a key with the keys below it", async () => {
    const { code, stdout } = await runHere("config", "explain", "components.gateway", "--json");
    assert.equal(code, 0);
    const { key, keys } = JSON.parse(stdout) as { key: string; keys: { key: string }[] };
    assert.equal(key, "platform:components.gateway");
    assert.ok(keys.some((each) => each.key === "replicas"));
  });
});

/** Runs a command for people, and with `--json`. */
async function runTwice(...args: string[]) {
  return [await runHere(...args), await runHere(...args, "--json")] as const;
}
