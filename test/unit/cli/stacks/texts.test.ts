import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { StackEntry } from "../../../../cli/stacks/discover";
import { heldText } from "../../../../engine/held";
import { lockText } from "../../../../engine/lock";
import { read } from "../../../../cli/stacks/outcome";
import { listing, outcomesJson, progressLine, summary } from "../../../../cli/stacks/report";

function locked(host: string, pid = 123, since = "2026-11-21T08:00:00Z"): string {
  return `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///state/.pulumi/locks/organization/platform/dev/1f.json: created by ci runner@${host} (pid ${pid}) at ${since}
`;
}

describe("a stack's lock", () => {
  it("blocks while its holder runs", () => {
    assert.equal(
      lockText("dev", locked(hostname()), () => true),
      `locked by ci runner@${hostname()} (process 123) since 2026-11-21T08:00:00Z, which still runs on this machine; wait for it`,
    );
    const now = new Date().toISOString();
    assert.match(lockText("dev", locked(hostname(), process.pid, now)) ?? "", /still runs/);
  });

  it("is stale if its holder on this machine has ended, with the command to release it", () => {
    assert.equal(
      lockText("dev", locked(hostname()), () => false),
      `locked by ci runner@${hostname()} (process 123) since 2026-11-21T08:00:00Z, which no longer runs; release the stale lock with: pulumi cancel --yes --stack dev, and then: npx platform recover dev`,
    );
    // No system has a process ID this large.
    assert.match(lockText("dev", locked(hostname(), 2 ** 30)) ?? "", /no longer runs/);
  });

  it("does not count as held if a later process has the holder's process ID", function () {
    if (!existsSync("/proc/stat")) this.skip();
    const before = new Date(Date.now() - 86_400_000).toISOString();
    assert.match(lockText("dev", locked(hostname(), process.pid, before)) ?? "", /no longer runs/);
  });

  it("of another machine must be judged by a person", () => {
    assert.equal(
      lockText("dev", locked("runner-7"), () => false),
      "locked by ci runner@runner-7 (process 123) since 2026-11-21T08:00:00Z; wait for it, or if it is known to have ended there, release the lock with: pulumi cancel --yes --stack dev, and then: npx platform recover dev",
    );
  });

  it("may be held in a backend service", () => {
    assert.match(
      lockText("dev", "error: [409] Conflict: Another update is currently in progress.") ?? "",
      /another update of it is running; .*pulumi cancel --yes --stack dev, and then: npx platform recover dev$/,
    );
    assert.equal(lockText("dev", "error: no such context"), undefined);
  });

  it("is read if the state is in a folder", () => {
    const folder = mkdtempSync(join(tmpdir(), "held-"));
    const backend = `file://${folder}?no_tmp_dir=true`;
    const locks = join(folder, ".pulumi", "locks", "organization", "platform", "dev");
    try {
      assert.equal(heldText("dev", backend), undefined);
      mkdirSync(locks, { recursive: true });
      assert.equal(heldText("dev", backend), undefined);
      const lock = {
        pid: 123,
        username: "ci",
        hostname: "runner-7",
        timestamp: "2026-11-21T08:00:00.123Z",
      };
      writeFileSync(join(locks, "1f.json"), JSON.stringify(lock));
      writeFileSync(join(locks, "1f.json.attrs"), "{}");
      assert.match(
        heldText("dev", backend) ?? "",
        /^locked by ci@runner-7 \(process 123\) since 2026-11-21T08:00:00Z; wait for it/,
      );
      writeFileSync(join(locks, "2f.json"), "{");
      assert.throws(() => heldText("dev", backend), /2f\.json is not a readable lock/);
    } finally {
      rmSync(folder, { recursive: true });
    }
    for (const other of [undefined, "s3://bucket", "https://api.pulumi.com", "file://~"]) {
      assert.equal(heldText("dev", other), undefined);
    }
  });

  it("is reported as the reason", () => {
    const { status, text } = read("dev", { code: 255, stdout: "", output: locked("runner-7") });
    assert.equal(status, "failed");
    assert.match(text, /^locked by ci runner@runner-7/);
  });
});

describe("an update on top of one that was interrupted", () => {
  it("has not succeeded: objects of the former one may be left over", () => {
    const output = `    warning: Attempting to deploy or update resources with 2 pending operations from previous deployment.
Resources:
    5 unchanged
`;
    assert.deepEqual(read("dev", { code: 0, stdout: "", output }), {
      status: "failed",
      text: "updated, but an earlier update was interrupted, and objects that it created may be left over. If no update is running: npx platform recover dev",
    });
  });
});

describe("the engine's output", () => {
  const ended = (code: number | null, output: string) =>
    read("dev", { code, stdout: "", output }).text;

  it("is summarized by its own summary", () => {
    const preview =
      "Resources:\n    + 3 to create\n    ~ 1 to update\n    +-1 to replace\n    5 changes. 10 unchanged\n";
    assert.equal(ended(0, preview), "3 to create, 1 to update, 1 to replace");
    assert.equal(ended(0, "Resources:\n    16 unchanged\n\nDuration: 2s\n"), "no changes");
  });

  it("is summarized by its first error, without repetitions of it", () => {
    const output = `Diagnostics:
  pulumi:pulumi:Stack (platform-dev):
    error: The config of stack "dev" has 2 errors; nothing was changed.
      platform:environment: expected one of dev, test, gray, online, got nothing
      platform:domain: expected a string, got nothing

    error: preview failed
`;
    assert.equal(
      ended(255, output),
      'error: The config of stack "dev" has 2 errors; nothing was changed.\nplatform:environment: expected one of dev, test, gray, online, got nothing\nplatform:domain: expected a string, got nothing',
    );
  });

  it("is summarized by its last lines if there is no error, or by how the engine ended", () => {
    assert.equal(ended(1, "one\ntwo\n"), "one\ntwo");
    assert.equal(ended(3, ""), "the engine ended with 3");
    assert.equal(ended(null, ""), "the engine was ended by a signal");
  });
});

describe("the report of many stacks", () => {
  const succeeded = {
    stack: "shop.online",
    status: "succeeded",
    text: "1 updated",
    seconds: 4.21,
  } as const;
  const failed = {
    stack: "news.online",
    status: "failed",
    text: "locked\nfor good",
    seconds: 0.5,
  } as const;
  const skipped = { stack: "online", status: "skipped", text: "unchanged", seconds: 0 } as const;

  it("has a line for each stack when it is done", () => {
    assert.equal(
      progressLine(7, 700, "up", succeeded),
      "[  7/700] shop.online: up succeeded in 4.2 s: 1 updated",
    );
    assert.equal(progressLine(8, 9, "up", failed), "[8/9] news.online: up failed in 0.5 s: locked");
    assert.equal(progressLine(9, 9, "up", skipped), "[9/9] online: up skipped: unchanged");
  });

  it("ends with a table, the failures and the sums", () => {
    assert.equal(
      summary([succeeded, failed, skipped], (stack) => `logs/${stack}.log`),
      `STACK        RESULT     TIME   CHANGES
shop.online  succeeded  4.2 s  1 updated
news.online  failed     0.5 s

news.online failed:
  locked
  for good
  log: logs/news.online.log

3 stacks: 1 succeeded, 1 failed, 1 skipped`,
    );
    const results = JSON.parse(
      outcomesJson([succeeded, failed, skipped], (stack) => `logs/${stack}.log`),
    ) as unknown[];
    assert.deepEqual(results, [
      { ...succeeded, log: "logs/shop.online.log" },
      { ...failed, log: "logs/news.online.log" },
      skipped,
    ]);
    assert.equal(
      summary([skipped], () => ""),
      "1 stack: 0 succeeded, 0 failed, 1 skipped",
    );
  });

  it("lists what the files contain", () => {
    const entry = (name: string, config: Record<string, unknown>, error?: string): StackEntry => ({
      name,
      file: `Pulumi.${name}.yaml`,
      config,
      error,
    });
    const apps = Object.fromEntries(["a", "b", "c", "d", "e", "f", "g"].map((name) => [name, {}]));
    assert.equal(
      listing([
        entry("online", { "platform:environment": "online" }),
        entry("all", { "platform:apps": apps, "platform:platformStack": "o/p/online" }),
        entry("bad", {}, "Pulumi.bad.yaml is not valid YAML"),
      ]),
      `STACK   ENVIRONMENT  PLATFORM STACK  APPS
online  online       -               -
all     -            o/p/online      a, b, c, d, e and 2 more
bad     -            -               Pulumi.bad.yaml is not valid YAML`,
    );
  });
});
