import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { groovyLiteral, type GroovyValue } from "../../components/ci/groovy";
import type { PipelineApp } from "../../components/ci/jobs";
import { checkout } from "../../local/toolchain/paths";
import { reportJson } from "../../cli/preview/report";
import {
  agents,
  args,
  commands,
  groovyJar,
  jenkinsGroovy,
  isPush,
  library,
  playGroovy,
  stagesOf,
  type Played,
  type Scene,
} from "../support/groovy";
import { skipWithoutJava } from "../support/java";
import { reportWith } from "../unit/cli/preview/support";
import { pipelineSettings as settings, shopPipeline as shop } from "../support/pipelines";

const jenkinsfile = readFileSync(join(checkout, "Jenkinsfile"), "utf8");

describe("what pipelines do", () => {
  let jar: string;
  before(async function () {
    skipWithoutJava(this, "Groovy's compiler comes by Maven and runs on Java");
    jar = await groovyJar(jenkinsGroovy);
  });

  const played = new Map<string, Played>();
  /** Runs a scene; the same scene is run once. */
  const play = (scene: Scene): Played => {
    const key = JSON.stringify(scene);
    const known = played.get(key);
    if (known !== undefined) return known;
    const [made] = playGroovy(jar, [{ library, ...scene }]);
    assert.ok(made);
    played.set(key, made);
    return made;
  };
  const scene = (
    params: Record<string, string>,
    app: PipelineApp,
    more: Partial<Scene> = {},
  ): Scene => {
    const facts = { name: "shop", ...app, platform: settings };
    return {
      script: `appPipeline(${groovyLiteral(facts as unknown as GroovyValue)})`,
      params: { TYPE: "apply", BRANCH: "online", VERSION: "1.5.0", ...params },
      env: { BUILD_NUMBER: "7" },
      ...more,
    };
  };
  const release = (...given: Parameters<typeof scene>) => play(scene(...given));

  const url = "https://git.test/ops/platform.git";
  const platform = (env: Record<string, string>, more: Partial<Scene> = {}): Played =>
    play({ script: jenkinsfile, env: { GIT_URL: url, ...env }, output: "", ...more });

  it("goes from the source to the promotion, in this order", () => {
    const { events, failure } = release({}, shop, { statuses: [2, 0, 0] });
    assert.equal(failure, null);
    const stages = events.map(({ stage }) => stage).filter((stage) => stage !== null);
    assert.deepEqual(
      stages.filter((stage, index) => stage !== stages[index - 1]),
      ["Checkout", "Build", "Build image", "Scan", "Push", "Canary", "Gate", "Promote"],
    );
    assert.deepEqual(commands(events, "Build"), [
      "mvn --batch-mode --no-transfer-progress package",
    ]);
    const image = "harbor.test/shop.test/shop:1.5.0-online-3f2c1a9d0e4b";
    const outputs = events
      .filter(({ step }) => step === "sh")
      .flatMap(({ env }) => env.filter((entry) => entry.startsWith("OUTPUT=")));
    assert.deepEqual(outputs, [
      `OUTPUT=type=docker,dest=image.tar,name=${image}`,
      `OUTPUT=type=image,push=true,name=${image}`,
    ]);
    assert.ok(
      commands(events, "Canary").includes(
        'npx platform release canary "$APP" "$RELEASE" --weight "$WEIGHT" --stack "$STACK"',
      ),
    );
    const promotion = commands(events, "Promote").filter((text) =>
      text.includes("platform release"),
    );
    assert.deepEqual(promotion, [
      'npx platform release check "$APP" --stack "$STACK"',
      'npx platform release promote "$APP" --stack "$STACK"',
    ]);
  });

  it("runs an app's own commands only where no credentials are", () => {
    const { events } = release({}, shop, { statuses: [0, 0], hook: true });
    assert.deepEqual(commands(events, "Build"), ["./hooks/build"]);
    assert.deepEqual(agents(events, "Build"), ["maven-jdk25"]);
    for (const stage of ["Build image", "Scan", "Push"]) {
      assert.deepEqual(agents(events, stage), ["image"]);
    }
    for (const stage of ["Canary", "Promote"]) {
      assert.deepEqual(agents(events, stage), ["platform"]);
    }
    // Waiting for input must not occupy an agent.
    const waiting = events.filter(({ step }) => step === "input");
    assert.deepEqual(
      waiting.map(({ agent }) => agent),
      [null],
    );
  });

  it("passes the base image and its sources to the Dockerfile as variables, not in the command", () => {
    const { events } = release({}, shop, { statuses: [0, 0] });
    const [build] = events.filter(
      ({ step, args: [text] }) => step === "sh" && String(text).includes("buildctl"),
    );
    const text = String(build?.args[0]);
    const values = {
      REGISTRY: "harbor.test",
      BASE_IMAGE: "harbor.test/template/tomcat:9.0.122",
      APP: "shop",
      VERSION: "1.5.0",
    };
    for (const [name, value] of Object.entries(values)) {
      assert.ok(build?.env.includes(`${name}=${value}`), `${name} is not ${value}`);
    }
    for (const name of [...Object.keys(values), "COMMIT"]) {
      assert.ok(text.includes(`--opt "build-arg:${name}=$${name}"`), name);
    }
  });

  it("refuses a version that no image of a build can have, before anything is built", () => {
    for (const VERSION of ["latest", "1.5", "1.5.0_x"]) {
      const { events, failure } = release({ VERSION }, shop);
      assert.match(failure ?? "", /^VERSION is "\S+", allowed is a semantic version/);
      assert.deepEqual(commands(events, "Build"), []);
    }
  });

  it("asks again while a check is inconclusive, and ends when it fails", () => {
    assert.equal(args(release({}, shop, { statuses: [2, 2, 0, 0] }).events, "input").length, 3);
    const failed = release({}, shop, { statuses: [1] });
    assert.match(failed.failure ?? "", /1\.5\.0-online-3f2c1a9d0e4b of shop failed its check/);
    assert.deepEqual(commands(failed.events, "Promote"), []);
    const late = release({}, shop, { statuses: [0, 1] });
    assert.match(late.failure ?? "", /of shop failed its check/);
    assert.ok(!commands(late.events, "Promote").some((text) => text.includes("release promote")));
    const odd = release({}, shop, { statuses: [127] });
    assert.match(odd.failure ?? "", /ended with 127, which is no verdict/);
  });

  it("does not call a canary failed that could not be checked: it asks again, and promotes nothing", () => {
    const { events, failure } = release({}, shop, { statuses: [3, 0, 3] });
    assert.equal(args(events, "input").length, 2);
    assert.match(String(args(events, "echo")[0]?.[0]), /of shop could not be checked/);
    assert.match(failure ?? "", /of shop could not be checked, which says nothing about it/);
    assert.ok(!commands(events, "Promote").some((text) => text.includes("release promote")));
  });

  it("puts the kubeconfig where the stack names it, for updates and for releases", () => {
    const runs = [
      release({}, shop, { statuses: [0, 0] }).events,
      platform({ BRANCH_NAME: "main" }, { statuses: [0] }).events,
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
    const script = [stub, "set -e", text.replace("/run/secrets/platform/kubeconfig", secret)].join(
      "\n",
    );
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
    assert.equal(statSync(target).mode & 0o777, 0o600);
    rmSync(folder, { recursive: true });
  });

  it("promotes without a check where the environment asks for none", () => {
    const { events, failure } = release({ BRANCH: "dev" }, shop);
    assert.equal(failure, null);
    assert.ok(!commands(events).some((text) => text.includes("release check")));
    assert.ok(commands(events, "Promote").some((text) => text.includes("release promote")));
  });

  it("builds nothing for an app without a repository: its version is an image's tag", () => {
    const { events } = release({}, { team: "content", domain: "news.test" }, { statuses: [0, 0] });
    assert.deepEqual(commands(events, "Build"), []);
    assert.deepEqual(commands(events, "Push"), []);
    const push = events.find(({ step, args: [text] }) => step === "sh" && isPush(text));
    assert.ok(push?.env.includes("TITLE=Release shop 1.5.0 in online as a canary"));
  });

  it("takes an app out of an environment by a merge request, and does nothing else", () => {
    const { events } = release({ TYPE: "delete", VERSION: "" }, shop);
    assert.deepEqual([...new Set(events.map(({ stage }) => stage))], [null, "Delete"]);
    const [install, kubeconfig, removal] = commands(events, "Delete");
    assert.equal(install, "npm ci --no-audit --no-fund");
    assert.match(kubeconfig ?? "", /kubeconfig/);
    assert.equal(removal, 'npx platform apps remove "$APP" --stack "$STACK"');
    assert.ok(commands(events, "Delete").some(isPush));
  });

  it("refuses parameters that are none of those allowed", () => {
    const versions = ["", "1.5.0; rm -rf /", "$(id)", "1.5.0\nx", "-x", "a".repeat(64)];
    const wrong: Record<string, string>[] = [
      { BRANCH: "gray" },
      { TYPE: "destroy" },
      ...versions.map((VERSION) => ({ VERSION })),
    ];
    const all = playGroovy(
      jar,
      wrong.map((params) => ({ library, ...scene(params, shop) })),
    );
    for (const { events } of all) assert.deepEqual(commands(events), []);
    const [branch, type, ...rest] = all.map(({ failure }) => failure);
    assert.equal(branch, 'BRANCH is "gray", allowed is one of dev, online');
    assert.equal(type, 'TYPE is "destroy", allowed is apply or delete');
    assert.equal(rest.length, versions.length);
    for (const failure of rest) assert.match(failure ?? "", /^VERSION is /);
  });

  it("puts nothing that a person types into a command", () => {
    const marker = "1.5.0_typed";
    const { events } = release({ VERSION: marker }, shop, { statuses: [0, 0] });
    assert.deepEqual(
      commands(events).filter((text) => text.includes(marker)),
      [],
    );
  });

  it("writes commands that the shell can read", () => {
    const runs = [
      release({}, shop, { statuses: [0, 0] }),
      release({ TYPE: "delete" }, shop),
      platform({ BRANCH_NAME: "main" }, { statuses: [0] }),
    ];
    for (const text of runs.flatMap(({ events }) => commands(events))) {
      const { status, stderr } = spawnSync("sh", ["-n"], { input: text, encoding: "utf8" });
      assert.equal(status, 0, `${text}\n${stderr}`);
    }
  });

  it("checks and previews a merge request of this repository, as a comment on it", () => {
    const { events, failure } = platform(
      { BRANCH_NAME: "canary/shop-online-7" },
      { statuses: [3], output: "42\n" },
    );
    assert.equal(failure, null);
    assert.deepEqual(stagesOf(events), ["Checks", "Stacks", "Preview", "Summary"]);
    assert.deepEqual(agents(events, "Checks"), ["node"]);
    const [sum = ""] = commands(events, "Summary").filter((text) => text.includes("summary"));
    assert.equal(sum, "npx platform stacks summary --reports previews $STACKS --post");
    assert.deepEqual(args(events, "unstash"), [["report-prod"]]);
    const preview = events.find(({ args: [first] }) => JSON.stringify(first)?.includes("--post"));
    assert.deepEqual(preview?.env, [
      "STACK=prod",
      "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER=true",
      "CI_API_V4_URL=https://git.test/api/v4",
      "CI_PROJECT_ID=ops/platform",
      "CI_MERGE_REQUEST_IID=42",
    ]);
    assert.equal(args(events, "unstable").length, 1);
  });

  it("fails when the preview cannot be applied, or breaks a mandatory rule of the policy", () => {
    const { events, failure } = platform({ BRANCH_NAME: "main" }, { statuses: [1] });
    assert.match(
      failure ?? "",
      /Stack prod cannot be updated like this, or breaks a mandatory rule/,
    );
    assert.ok(commands(events).some((text) => text.includes("platform preview")));
    assert.deepEqual(stagesOf(events), ["Checks", "Stacks", "Preview"]);
  });

  it("updates a stack from the default branch only, when approved, one at a time", () => {
    const { events } = platform({ BRANCH_NAME: "main" }, { statuses: [0] });
    assert.deepEqual(stagesOf(events), ["Checks", "Stacks", "Preview", "Approve", "Update"]);
    const steps = events.map(({ step, args: [first] }) => `${step} ${String(first)}`);
    const approval = steps.findIndex((text) => text.startsWith("input"));
    const update = steps.findIndex((text) => text.includes('up "$STACK" --plan-hash'));
    assert.ok(approval >= 0 && approval < update, "updated before it was approved");
    const [, file = "", field = ""] =
      /require\("\.\/(.+)"\)\.(\w+)/.exec(String(events[update]?.args[0])) ?? [];
    assert.ok(
      field in (JSON.parse(reportJson(reportWith())) as object),
      `the report has no "${field}"`,
    );
    const writing = commands(events).find((text) => text.includes("platform preview"));
    assert.ok(writing?.includes(`--json ${file}`), `${file} is not what the preview writes`);
    assert.deepEqual(events[update]?.within, ["node", "lock", "container", "withEnv"]);
    assert.deepEqual(args(events, "lock"), [["pulumi-prod"]]);
    assert.equal(events[approval]?.agent, null);
  });

  it("works on every stack that the change concerns, and on none where it concerns none", () => {
    const stacks = "prod shop.prod\n";
    const { events } = platform(
      { BRANCH_NAME: "x" },
      { statuses: [0, 0, 0, 0], output: "", stacks },
    );
    const previews = events.filter(({ args: [first] }) =>
      JSON.stringify(first)?.includes("platform preview"),
    );
    assert.deepEqual(
      previews.map(({ env: [first] }) => first),
      ["STACK=prod", "STACK=shop.prod"],
    );
    assert.ok(commands(events, "Stacks").some((text) => text.includes("stacks pipeline")));
    assert.deepEqual(agents(events, "Stacks"), ["node"]);
    const none = platform({ BRANCH_NAME: "x" }, { statuses: [0], output: "", stacks: "\n" });
    assert.deepEqual(stagesOf(none.events), ["Checks", "Stacks"]);
  });

  it("updates each stack after those that it needs, and not if one of them was not updated", () => {
    const stacks = "prod stock.prod:prod shop.prod:prod,stock.prod news.prod:prod\n";
    const run = (statuses: number[]) =>
      platform({ BRANCH_NAME: "main" }, { statuses, output: "", stacks });
    const updated = (events: Played["events"]) =>
      events
        .filter(({ args: [text] }) => String(text).includes('up "$STACK" --plan-hash'))
        .map(({ env: [first] }) => first);
    const whole = run([0, 0, 0, 0]);
    assert.equal(whole.failure, null);
    assert.deepEqual(updated(whole.events), [
      "STACK=prod",
      "STACK=stock.prod",
      "STACK=shop.prod",
      "STACK=news.prod",
    ]);
    // The second preview fails: what comes after it is not updated, the others are.
    const half = run([0, 1, 0, 0]);
    assert.match(half.failure ?? "", /^Stack stock\.prod cannot be updated like this/);
    assert.deepEqual(updated(half.events), ["STACK=prod", "STACK=news.prod"]);
    assert.deepEqual(args(half.events, "error").at(-1), [
      "Stack shop.prod is not updated: it comes after stock.prod, of which the update failed or was not approved.",
    ]);
  });

  it("reads the stacks and their order from what the command writes", () => {
    const { events } = platform({ BRANCH_NAME: "x" }, { statuses: [0, 0], output: "" });
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

  it("checks the canaries of every stack, and proposes their next steps", () => {
    const { events, failure } = play({
      script: readFileSync(join(checkout, "ci/canaries.Jenkinsfile"), "utf8"),
      env: { GIT_URL: url, BRANCH_NAME: "main" },
      stacks: "prod shop.prod\n",
      statuses: [3, 1],
    });
    assert.equal(failure, null);
    const texts = commands(events);
    assert.ok(texts.some((text) => text.includes("stacks pipeline --format needs --all")));
    // What it does is tested with real git, in test/unit/pipeline/propose.test.ts.
    const steps = events.filter(({ args: [text] }) => text === ".ci/propose-steps");
    assert.deepEqual(
      steps.map(({ env }) => env.filter((each) => !each.startsWith("PULUMI_"))),
      ["prod", "shop.prod"].map((stack) => [`STACK=${stack}`, "TARGET=main"]),
    );
    assert.deepEqual(args(events, "unstable"), [["A canary of stack shop.prod fails its check."]]);
    assert.deepEqual(args(events, "lock"), [["pulumi-prod"], ["pulumi-shop.prod"]]);
  });

  it("looks for drift at night, and changes nothing", () => {
    const { events } = platform({ BRANCH_NAME: "main" }, { cause: "TimerTrigger" });
    assert.deepEqual(stagesOf(events), ["Stacks", "Drift"]);
    assert.ok(commands(events).some((text) => text.startsWith("pulumi refresh --preview-only")));
    assert.deepEqual(args(events, "cron"), [["H 3 * * *"]]);
    assert.deepEqual(args(platform({ BRANCH_NAME: "x" }, { statuses: [0, 0] }).events, "cron"), [
      [""],
    ]);
  });

  it("asks for a merge request by pushing a branch", () => {
    const { events } = release({}, shop, { statuses: [0, 0] });
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
  });

  it("releases an app in its own stack, where it has one in the environment", () => {
    const own = { ...shop, stacks: { online: { stack: "shop.prod", check: true } } };
    const { events } = release({}, own, { statuses: [0, 0] });
    const canary = events.find(
      ({ step, stage, args: [text] }) => step === "sh" && stage === "Canary" && isPush(text),
    );
    assert.ok(canary?.env.includes("STACK=shop.prod"), String(canary?.env));
  });

  it("finds the merge request of a commit by GitLab's references", () => {
    const { events } = platform({ BRANCH_NAME: "x" }, { statuses: [0, 0], output: "" });
    const text = events
      .map(({ args: [first] }) => first as { returnStdout?: boolean; script?: string })
      .find((first) => first?.returnStdout && first.script?.includes("ls-remote"))?.script;
    const git = `git() {
        if [ "$1" = rev-parse ]; then echo aaa; return; fi
        printf '%s\\t%s\\n' aaa refs/merge-requests/9/head bbb refs/merge-requests/11/head aaa refs/merge-requests/10/head
      }\n`;
    assert.equal(execFileSync("sh", ["-c", git + (text ?? "false")], { encoding: "utf8" }), "10\n");
  });

  it("refuses an image that is not the one that was scanned", () => {
    const { events } = release({}, shop, { statuses: [0, 0] });
    const text = commands(events, "Push").find((command) => command.includes("digest"));
    const folder = mkdtempSync(join(tmpdir(), "digests-"));
    const compare = (pushedDigest: string) => {
      const metadata = (digest: string) => `{"containerimage.config.digest": "sha256:${digest}"}`;
      writeFileSync(join(folder, "scanned.json"), metadata("aaa"));
      writeFileSync(join(folder, "pushed.json"), metadata(pushedDigest));
      return spawnSync("sh", ["-c", text ?? "false"], { cwd: folder }).status;
    };
    assert.deepEqual([compare("aaa"), compare("bbb")], [0, 1]);
    rmSync(folder, { recursive: true });
  });
});

/** Runs the commands in a clone of a repository that records push options, with a changed config. */
function pushed(
  text: string,
  env: string[],
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
  for (const file of edited) writeFileSync(join(clone, file), "config: { a: b }\n");
  rmSync(join(clone, "apps/prod/gone.yaml"));
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
