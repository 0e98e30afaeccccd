import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { groovyLiteral } from "../../components/ci/groovy";
import { jobsScript, type PipelineApp, type PipelineSettings } from "../../components/ci/jobs";
import { checkout } from "../../local/toolchain/paths";
import { stackNames, stackRecording } from "../support/stacks";
import { collected } from "../support/declare";
import { parse } from "yaml";
import {
  compileGroovy,
  groovyJar,
  groovyMissing,
  groovyVersions,
  playGroovy,
  type Played,
  type Scene,
  type Step,
} from "../support/groovy";

const library = join(checkout, "ci/library/vars");
const jenkinsfile = readFileSync(join(checkout, "Jenkinsfile"), "utf8");

const settings: PipelineSettings = {
  repository: { url: "https://git.test/ops/platform.git", branch: "main" },
  credentials: "git",
  stacks: { dev: { stack: "dev", check: false }, online: { stack: "prod", check: true } },
  registry: "harbor.test",
};
const shop: PipelineApp = {
  team: "commerce",
  domain: "shop.test",
  repository: "https://git.test/commerce/shop.git",
  runtime: "maven",
};

for (const version of groovyVersions) {
  describe(`pipelines, by ${version.artifact}`, () => {
    let jar: string;
    before(async function () {
      const missing = groovyMissing();
      if (missing !== undefined) {
        console.log(`      skipped: ${missing}; Groovy's compiler comes by Maven and runs on Java`);
        this.skip();
      }
      jar = await groovyJar(version);
    });

    const play = (scene: Scene) => playGroovy(jar, { library, ...scene });
    const release = (params: Record<string, string>, app: PipelineApp, more: Partial<Scene> = {}) =>
      play({
        script: `appPipeline(${groovyLiteral({ name: "shop", ...app, platform: settings } as never)})`,
        params: { TYPE: "apply", BRANCH: "online", VERSION: "1.5.0", ...params },
        env: { BUILD_NUMBER: "7" },
        ...more,
      });

    it("compiles every script of this repository, and refuses a broken one", () => {
      const files = groovyFiles(join(checkout, "ci")).concat(join(checkout, "Jenkinsfile"));
      assert.equal(files.length, 9);
      const { ok, message } = compileGroovy(jar, files);
      assert.ok(ok, message);
      const folder = mkdtempSync(join(tmpdir(), "broken-"));
      const broken = join(folder, "broken.groovy");
      writeFileSync(broken, "import hudson.model.Nobody\npipeline { stage('x' }");
      assert.equal(compileGroovy(jar, [broken]).ok, false);
      rmSync(folder, { recursive: true });
    });

    it("makes the jobs of every stack, whose pipelines run", async () => {
      for (const stack of stackNames) {
        const declared = collected((await stackRecording(stack)).registrations);
        const { data } = declared.object("ConfigMap", "jenkins-jobs") as unknown as {
          data: Record<string, string>;
        };
        const { jobs } = parse(data["jobs.yaml"] ?? "") as { jobs: { script: string }[] };
        assert.equal(jobs.length, 1);
        const script = jobs[0]?.script.replaceAll("^${", "${") ?? "";
        const { events } = play({ script });
        assert.ok(events.some(({ step }) => step === "pipelineJob"));
        for (const text of scripts(events)) {
          const params = {
            TYPE: "delete",
            VERSION: "",
            BRANCH: stack === "prod" ? "online" : "dev",
          };
          const { failure } = play({ script: text, params, env: { BUILD_NUMBER: "1" } });
          assert.equal(failure, null, text);
        }
      }
    });

    it("makes a folder per team and a pipeline per app, with the three parameters", () => {
      const apps = { shop, news: { team: "content", domain: "news.test" } };
      const { events } = play({ script: jobsScript(apps, settings) });
      assert.deepEqual(args(events, "folder"), [["content"], ["commerce"]]);
      assert.deepEqual(args(events, "pipelineJob"), [["content/news"], ["commerce/shop"]]);
      assert.deepEqual(args(events, "multibranchPipelineJob"), [["platform-repository"]]);
      const names = [...args(events, "stringParam"), ...args(events, "choiceParam")];
      assert.deepEqual(names.map(([name]) => name).sort(), [
        ...["BRANCH", "BRANCH"],
        ...["TYPE", "TYPE"],
        ...["VERSION", "VERSION"],
      ]);
      const choices = args(events, "choiceParam").map(([, list]) => list);
      assert.deepEqual(choices[0], ["apply", "delete"]);
      assert.deepEqual(choices[1], ["dev", "online"]);
      assert.deepEqual(args(events, "disabled"), [[false], [false]]);
      assert.deepEqual(args(events, "sandbox"), [[true], [true]]);
    });

    it("hands any text on to the pipeline as it is", () => {
      const odd = `a'b"c\\d\${e}$f\ng\\u0041`;
      const apps = { shop: { ...shop, domain: odd } };
      const [text] = scripts(play({ script: jobsScript(apps, settings) }).events);
      const { events } = play({ script: `echo((${text?.slice("appPipeline".length)}).domain)` });
      assert.deepEqual(args(events, "echo"), [[odd]]);
    });

    it("makes no job for a stack without apps", () => {
      const { events, failure } = play({ script: jobsScript({}, settings) });
      assert.equal(failure, null);
      assert.deepEqual(args(events, "pipelineJob"), []);
    });

    it("disables the job of an app that is gone, and no job of anybody else", () => {
      const jobs = [
        { fullName: "commerce/gone", description: "Declared by the platform: releases gone" },
        { fullName: "commerce/shop", description: "Declared by the platform: releases shop" },
        { fullName: "commerce/own", description: "Made by hand" },
      ];
      const { disabled } = play({ script: jobsScript({ shop }, settings), jobs });
      assert.deepEqual(disabled, ["commerce/gone"]);
    });

    it("goes from the source to the promotion, in this order", () => {
      const { events, failure } = release({}, shop, { statuses: [2, 0] });
      assert.equal(failure, null);
      const stages = events.map(({ stage }) => stage).filter((stage) => stage !== null);
      assert.deepEqual(
        stages.filter((stage, index) => stage !== stages[index - 1]),
        ["Checkout", "Build", "Build image", "Scan", "Push", "Canary", "Gate", "Promote"],
      );
      assert.deepEqual(commands(events, "Build"), [
        "mvn --batch-mode --no-transfer-progress package",
      ]);
      const image = "harbor.test/shop.test/shop:1.5.0-online-3f2c1a9";
      assert.deepEqual(
        events
          .filter(({ step, env }) => step === "sh" && env.length === 2)
          .map(({ env }) => env[0]),
        [
          `OUTPUT=type=docker,dest=image.tar,name=${image}`,
          ...events
            .filter(({ stage, step, env }) => stage === "Push" && step === "sh" && env.length === 2)
            .map(() => `OUTPUT=type=image,push=true,name=${image}`),
          ...events
            .filter(
              ({ stage, step, env }) =>
                ["Canary", "Gate", "Promote"].includes(stage ?? "") &&
                step === "sh" &&
                env.length === 2,
            )
            .map(() => "APP=shop"),
        ],
      );
      assert.ok(
        commands(events, "Canary").includes(
          'npm run --silent release -- canary "$APP" "$RELEASE" --weight "$WEIGHT" --stack "$STACK"',
        ),
      );
      const promotion = commands(events, "Promote").filter((text) => text.includes("release --"));
      assert.deepEqual(promotion, [
        'npm run --silent release -- check "$APP" --stack "$STACK"',
        'npm run --silent release -- promote "$APP" --stack "$STACK"',
      ]);
    });

    it("runs an app's own commands only where no credentials are", () => {
      const { events } = release({}, shop, { statuses: [0], hook: true });
      assert.deepEqual(commands(events, "Build"), ["./hooks/build"]);
      assert.deepEqual(agents(events, "Build"), ["maven"]);
      for (const stage of ["Build image", "Scan", "Push"]) {
        assert.deepEqual(agents(events, stage), ["image"]);
      }
      for (const stage of ["Canary", "Promote"]) {
        assert.deepEqual(agents(events, stage), ["platform"]);
      }
      // Waiting for somebody holds no agent.
      const waiting = events.filter(({ step }) => step === "input");
      assert.deepEqual(
        waiting.map(({ agent }) => agent),
        [null],
      );
    });

    it("asks again while a check is inconclusive, and ends when it fails", () => {
      assert.equal(args(release({}, shop, { statuses: [2, 2, 0] }).events, "input").length, 3);
      const failed = release({}, shop, { statuses: [1] });
      assert.match(failed.failure ?? "", /1\.5\.0-online-3f2c1a9 of shop failed its check/);
      assert.deepEqual(commands(failed.events, "Promote"), []);
      const odd = release({}, shop, { statuses: [127] });
      assert.match(odd.failure ?? "", /ended with 127, which is no verdict/);
    });

    it("promotes without a check where the environment asks for none", () => {
      const { events, failure } = release({ BRANCH: "dev" }, shop);
      assert.equal(failure, null);
      assert.ok(!commands(events).some((text) => text.includes("-- check")));
      assert.ok(commands(events, "Promote").some((text) => text.includes("-- promote")));
    });

    it("builds nothing for an app without a repository: its version is an image's tag", () => {
      const { events } = release({}, { team: "content", domain: "news.test" }, { statuses: [0] });
      assert.deepEqual(commands(events, "Build"), []);
      assert.deepEqual(commands(events, "Push"), []);
      const push = events.find(({ step, args: [text] }) => step === "sh" && isPush(text));
      assert.ok(push?.env.includes("TITLE=Release shop 1.5.0 in online as a canary"));
    });

    it("takes an app out of an environment by a merge request, and does nothing else", () => {
      const { events } = release({ TYPE: "delete", VERSION: "" }, shop);
      assert.deepEqual([...new Set(events.map(({ stage }) => stage))], [null, "Delete"]);
      assert.deepEqual(commands(events, "Delete").slice(0, 2), [
        "npm ci --no-audit --no-fund",
        'pulumi config rm --path "platform:apps.$APP" --stack "$STACK"',
      ]);
      assert.ok(commands(events, "Delete").some(isPush));
    });

    it("refuses parameters that are none of those allowed", () => {
      const refused = (params: Record<string, string>) => {
        const { failure, events } = release(params, shop);
        assert.deepEqual(commands(events), []);
        return failure;
      };
      assert.equal(refused({ BRANCH: "gray" }), 'BRANCH is "gray", allowed is one of dev, online');
      assert.equal(refused({ TYPE: "destroy" }), 'TYPE is "destroy", allowed is apply or delete');
      for (const VERSION of ["", "1.5.0; rm -rf /", "$(id)", "1.5.0\nx", "-x", "a".repeat(64)]) {
        assert.match(refused({ VERSION }) ?? "", /^VERSION is /);
      }
    });

    it("puts nothing that a person types into a command", () => {
      const marker = "1.5.0_typed";
      const { events } = release({ VERSION: marker }, shop, { statuses: [0] });
      assert.deepEqual(
        commands(events).filter((text) => text.includes(marker)),
        [],
      );
    });

    it("writes commands that the shell can read", () => {
      const runs = [
        release({}, shop, { statuses: [0] }),
        release({ TYPE: "delete" }, shop),
        platform({ BRANCH_NAME: "main" }, { statuses: [0] }),
      ];
      for (const text of runs.flatMap(({ events }) => commands(events))) {
        const { status, stderr } = spawnSync("sh", ["-n"], { input: text, encoding: "utf8" });
        assert.equal(status, 0, `${text}\n${stderr}`);
      }
    });

    const url = "https://git.test/ops/platform.git";
    const platform = (env: Record<string, string>, more: Partial<Scene> = {}): Played =>
      play({ script: jenkinsfile, env: { GIT_URL: url, ...env }, output: "", ...more });

    it("checks and previews a merge request of this repository, as a comment on it", () => {
      const { events, failure } = platform(
        { BRANCH_NAME: "canary/shop-online-7" },
        { statuses: [3], output: "42\n" },
      );
      assert.equal(failure, null);
      assert.deepEqual(stagesOf(events), ["Checks", "Preview"]);
      assert.deepEqual(agents(events, "Checks"), ["node"]);
      const preview = events.find(({ args: [first] }) => JSON.stringify(first)?.includes("--post"));
      assert.deepEqual(preview?.env, [
        "STACK=prod",
        "CI_API_V4_URL=https://git.test/api/v4",
        "CI_PROJECT_ID=ops/platform",
        "CI_MERGE_REQUEST_IID=42",
      ]);
      assert.equal(args(events, "unstable").length, 1);
    });

    it("fails when the preview cannot be applied", () => {
      const { failure } = platform({ BRANCH_NAME: "x" }, { statuses: [1] });
      assert.match(failure ?? "", /Stack prod cannot be updated/);
    });

    it("updates a stack from the default branch only, when approved, one at a time", () => {
      const { events } = platform({ BRANCH_NAME: "main" }, { statuses: [0] });
      assert.deepEqual(stagesOf(events), ["Checks", "Preview", "Approve", "Update"]);
      const steps = events.map(({ step, args: [first] }) => `${step} ${String(first)}`);
      const approval = steps.findIndex((text) => text.startsWith("input"));
      const update = steps.findIndex((text) => text.includes('up -- "$STACK" --plan-hash'));
      assert.ok(approval >= 0 && approval < update, "updated before it was approved");
      assert.deepEqual(events[update]?.within, ["lock", "container", "withEnv"]);
      assert.deepEqual(args(events, "lock"), [["pulumi-prod"]]);
      assert.equal(events[approval]?.agent, null);
    });

    it("looks for drift at night, and changes nothing", () => {
      const { events } = platform({ BRANCH_NAME: "main" }, { cause: "TimerTrigger" });
      assert.deepEqual(stagesOf(events), ["Drift"]);
      assert.ok(commands(events).some((text) => text.startsWith("pulumi refresh --preview-only")));
      assert.deepEqual(args(events, "cron"), [["H 3 * * *"]]);
      assert.deepEqual(args(platform({ BRANCH_NAME: "x" }, { statuses: [0] }).events, "cron"), [
        [""],
      ]);
    });

    it("asks for a merge request by pushing a branch", () => {
      const { events } = release({}, shop, { statuses: [0] });
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
          "merge_request.title=Release shop 1.5.0-online-3f2c1a9 in online as a canary",
        ],
        files: ["Pulumi.prod.yaml"],
      });
    });

    it("finds the merge request of a commit by GitLab's references", () => {
      const { events } = platform({ BRANCH_NAME: "x" }, { statuses: [0], output: "" });
      const text = events
        .map(({ args: [first] }) => first as { returnStdout?: boolean; script?: string })
        .find((first) => first?.returnStdout)?.script;
      const git = `git() {
        if [ "$1" = rev-parse ]; then echo aaa; return; fi
        printf '%s\\t%s\\n' aaa refs/merge-requests/9/head bbb refs/merge-requests/11/head aaa refs/merge-requests/10/head
      }\n`;
      assert.equal(
        execFileSync("sh", ["-c", git + (text ?? "false")], { encoding: "utf8" }),
        "10\n",
      );
    });

    it("refuses an image that is not the one that was scanned", () => {
      const { events } = release({}, shop, { statuses: [0] });
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
}

function groovyFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".groovy"))
    .map((file) => join(folder, file));
}

function args(events: Step[], name: string): unknown[][] {
  return events.filter(({ step }) => step === name).map((event) => event.args);
}

/** Texts of the pipelines that a seed made. */
function scripts(events: Step[]): string[] {
  return args(events, "script").map(([text]) => String(text));
}

/** Commands that ran, of one stage or of all. */
function commands(events: Step[], stage?: string): string[] {
  return events
    .filter((event) => event.step === "sh" && (stage === undefined || event.stage === stage))
    .map(({ args: [first] }) =>
      typeof first === "string" ? first : (first as { script: string }).script,
    );
}

function agents(events: Step[], stage: string): (string | null)[] {
  return [...new Set(events.filter((event) => event.stage === stage).map(({ agent }) => agent))];
}

function stagesOf(events: Step[]): string[] {
  return [...new Set(events.map(({ stage }) => stage))].filter((stage) => stage !== null);
}

function isPush(text: unknown): boolean {
  return typeof text === "string" && text.includes("git push");
}

/** Runs the commands in a clone of a repository that notes push options, with a changed config. */
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
  git("-C", clone, ...author, "commit", "--quiet", "--allow-empty", "--message", "start");
  git("-C", clone, "push", "--quiet", "origin", "main");
  writeFileSync(join(clone, "Pulumi.prod.yaml"), "config: {}\n");
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
