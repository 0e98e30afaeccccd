import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands, isPush } from "../../support/groovy";
import { shopPipeline as shop } from "../../support/pipelines";
import type { PipelineScenarios } from "./scenarios";

/** Declares the tests that run commands of pipelines in a shell. */
export function runsInShell(current: () => PipelineScenarios): void {
  describe("in a shell", () => {
    let scenarios: PipelineScenarios;
    before(() => (scenarios = current()));

    it("puts the kubeconfig where the stack names it, for updates and for releases", async () => {
      const runs = [
        (await scenarios.release({}, shop, { statuses: [0, 0] })).events,
        (await scenarios.platform({ BRANCH_NAME: "main" }, { statuses: [0] })).events,
      ];
      for (const events of runs) {
        const texts = commands(events.filter(({ agent }) => agent === "platform"));
        const prepared = texts.flatMap((text, index) => (text.startsWith("npm ci") ? [index] : []));
        assert.ok(prepared.length > 1);
        for (const index of prepared) {
          assert.match(texts[index + 1] ?? "", /\/run\/secrets\/platform\/kubeconfig/);
        }
      }
      const [text = ""] = commands(runs[0] ?? []).filter((each) => each.includes("kubeconfig"));
      const folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
      const stub = `pulumi() { [ "$*" = "config get --path platform:cluster.kubeconfig --stack prod" ] && echo .kube/production; }`;
      const secret = join(folder, "secret");
      const script = [
        stub,
        "set -e",
        text.replace("/run/secrets/platform/kubeconfig", secret),
      ].join("\n");
      const start = () =>
        spawnSync("sh", ["-c", script], {
          cwd: folder,
          env: { ...process.env, STACK: "prod" },
          encoding: "utf8",
        });
      const without = start();
      assert.equal(without.status, 1);
      assert.match(without.stderr, /expected the key kubeconfig, got none/);
      writeFileSync(secret, "clusters: []\n");
      assert.equal(start().status, 0);
      const target = join(folder, ".kube/production");
      assert.equal(readFileSync(target, "utf8"), "clusters: []\n");
      // Users who may browse the workspace must not get the file.
      assert.equal(readlinkSync(target), secret);
      assert.equal(start().status, 0, "a second run");
      rmSync(folder, { recursive: true });
    });

    it("writes commands that the shell can read", async () => {
      const runs = [
        await scenarios.release({}, shop, { statuses: [0, 0] }),
        await scenarios.release({ TYPE: "delete" }, shop),
        await scenarios.platform({ BRANCH_NAME: "main" }, { statuses: [0] }),
      ];
      for (const text of runs.flatMap(({ events }) => commands(events))) {
        const { status, stderr } = spawnSync("sh", ["-n"], { input: text, encoding: "utf8" });
        assert.equal(status, 0, `${text}\n${stderr}`);
      }
    });

    it("reads the stacks and their order from what the command writes", async () => {
      const { events } = await scenarios.platform(
        { BRANCH_NAME: "x" },
        { statuses: [0, 0], output: "" },
      );
      const text = events
        .map(({ args: [first] }) => first as { returnStdout?: boolean; script?: string })
        .find((first) => first?.returnStdout && first.script?.includes("stacks.json"))?.script;
      const folder = mkdtempSync(join(tmpdir(), "stacks-"));
      const needs = { prod: [], "stock.prod": ["prod"], "shop.prod": ["prod", "stock.prod"] };
      writeFileSync(join(folder, "stacks.json"), JSON.stringify(needs));
      assert.equal(
        execFileSync("sh", ["-ec", text ?? "false"], { cwd: folder, encoding: "utf8" }),
        "prod stock.prod:prod shop.prod:prod,stock.prod\n",
      );
      rmSync(folder, { recursive: true });
    });

    it("opens a merge request by pushing a branch", async () => {
      const { events } = await scenarios.release({}, shop, { statuses: [0, 0] });
      const push = events.find(
        ({ step, stage, args: [text] }) => step === "sh" && stage === "Canary" && isPush(text),
      );
      assert.ok(push);
      const asked = pushed(String(push.args[0]), push.env);
      assert.deepEqual(asked, {
        branches: ["canary/shop-online-7", "main"],
        options: [
          "merge_request.create",
          "merge_request.target=main",
          "merge_request.title=Release shop 1.5.0-online-3f2c1a9d0e4b in online as a canary",
        ],
        // What is edited, be it the stack's file or the app's, and nothing else that lies there.
        files: ["Pulumi.prod.yaml", "apps/prod/gone.yaml", "apps/prod/shop.yaml"],
      });
      const { branches } = pushed(String(push.args[0]), push.env, false);
      assert.deepEqual(branches, ["main"], "asked for nothing");
    });

    it("finds the merge request of a commit by GitLab's references", async () => {
      const { events } = await scenarios.platform(
        { BRANCH_NAME: "x" },
        { statuses: [0, 0], output: "" },
      );
      const text = events
        .map(({ args: [first] }) => first as { returnStdout?: boolean; script?: string })
        .find((first) => first?.returnStdout && first.script?.includes("ls-remote"))?.script;
      const git = `git() {
          if [ "$1" = rev-parse ]; then echo aaa; return; fi
          printf '%s\\t%s\\n' aaa refs/merge-requests/9/head bbb refs/merge-requests/11/head aaa refs/merge-requests/10/head
        }\n`;
      assert.equal(
        execFileSync("sh", ["-c", git + (text ?? "false")], { encoding: "utf8" }),
        "10\n",
      );
      const failing = `git() { [ "$1" = rev-parse ] && echo aaa; }\n`;
      assert.equal(spawnSync("sh", ["-ec", failing + (text ?? "true")]).status, 1);
    });

    it("refuses an image that is not the one that was scanned", async () => {
      const { events } = await scenarios.release({}, shop, { statuses: [0, 0] });
      const text = commands(events, "Push").find((command) => command.includes("digest"));
      const folder = mkdtempSync(join(tmpdir(), "digests-"));
      const compare = (pushedDigest: string) => {
        const metadata = (digest: string) => `{"containerimage.config.digest": "sha256:${digest}"}`;
        writeFileSync(join(folder, "scanned.json"), metadata("aaa"));
        writeFileSync(join(folder, "pushed.json"), metadata(pushedDigest));
        return compareFiles();
      };
      const compareFiles = () => spawnSync("sh", ["-ec", text ?? "false"], { cwd: folder }).status;
      assert.deepEqual([compare("aaa"), compare("bbb")], [0, 1]);
      for (const file of ["scanned.json", "pushed.json"]) writeFileSync(join(folder, file), "{}");
      assert.equal(compareFiles(), 1, "took two builds without a digest for the same");
      rmSync(folder, { recursive: true });
    });
  });
}

function pushed(
  text: string,
  env: string[],
  edits = true,
): { branches: string[]; options: string[]; files: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "push-"));
  const [origin, clone] = [join(folder, "origin.git"), join(folder, "clone")];
  const git = (...parts: string[]) =>
    execFileSync("git", parts, { encoding: "utf8", stdio: "pipe" });
  const author = ["-c", "user.name=a", "-c", "user.email=a@a.test"];
  git("init", "--quiet", "--bare", "--initial-branch=main", origin);
  git("-C", origin, "config", "receive.advertisePushOptions", "true");
  const options = join(folder, "options");
  const hook = `#!/bin/sh\nfor i in 0 1 2; do eval "echo \\"\\$GIT_PUSH_OPTION_$i\\""; done > '${options}'\n`;
  writeFileSync(join(origin, "hooks/post-receive"), hook, { mode: 0o755 });
  git("init", "--quiet", "--initial-branch=main", clone);
  git("-C", clone, "remote", "add", "origin", origin);
  const edited = ["Pulumi.prod.yaml", "apps/prod/shop.yaml", "apps/prod/gone.yaml"];
  mkdirSync(join(clone, "apps/prod"), { recursive: true });
  for (const file of edited) writeFileSync(join(clone, file), "config: {}\n");
  git("-C", clone, "add", ".");
  git("-C", clone, ...author, "commit", "--quiet", "--message", "start");
  git("-C", clone, "push", "--quiet", "origin", "main");
  if (edits) {
    for (const file of edited) writeFileSync(join(clone, file), "config: { a: b }\n");
    rmSync(join(clone, "apps/prod/gone.yaml"));
  }
  writeFileSync(join(clone, "other"), "not part of the change\n");
  const variables = Object.fromEntries(env.map((entry) => splitOnce(entry)));
  execFileSync("sh", ["-ec", text], {
    cwd: clone,
    env: { ...process.env, ...variables },
    stdio: "pipe",
  });
  const result = {
    branches: git("-C", origin, "branch", "--format=%(refname:short)").trim().split("\n"),
    options: readFileSync(options, "utf8").trim().split("\n"),
    files: git("-C", clone, "show", "--format=", "--name-only", "HEAD").trim().split("\n"),
  };
  rmSync(folder, { recursive: true });
  return result;
}

function splitOnce(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}
