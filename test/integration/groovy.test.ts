import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { jobsScript } from "../../components/ci/jobs";
import { checkout } from "../../local/toolchain/paths";
import { collected } from "../support/declare";
import {
  args,
  compileGroovy,
  groovyJar,
  GroovyRunner,
  groovyVersions,
  library,
  scripts,
  type ScriptResult,
  type Scenario,
} from "../support/groovy";
import { skipWithoutJava } from "../support/java";
import { pipelineSettings as settings, shopPipeline as shop } from "../support/pipelines";
import { stackNames, stackRecording } from "../support/stacks";

for (const version of groovyVersions) {
  describe(`pipelines' texts, by ${version.artifact}`, () => {
    let jar: string;
    let runner: GroovyRunner | undefined;
    before(async function () {
      skipWithoutJava(this, "Groovy's compiler comes by Maven and runs on Java");
      jar = await groovyJar(version);
      runner = new GroovyRunner(jar);
    });
    after(() => runner?.stop());

    const runAll = (scenarios: Scenario[]): Promise<ScriptResult[]> => {
      assert.ok(runner);
      return runner.run(scenarios.map((scenario) => ({ library, ...scenario })));
    };
    const run = async (scenario: Scenario): Promise<ScriptResult> => {
      const [result] = await runAll([scenario]);
      assert.ok(result);
      return result;
    };

    it("compiles every script of this repository, and refuses a broken one", () => {
      const pipelines = [
        "Jenkinsfile",
        "ci/official-plugins.Jenkinsfile",
        "ci/canaries.Jenkinsfile",
      ];
      const files = [
        ...groovyFiles(join(checkout, "ci")),
        ...pipelines.map((file) => join(checkout, file)),
      ];
      assert.equal(files.length, 14);
      const folder = mkdtempSync(join(tmpdir(), "broken-"));
      const broken = join(folder, "broken.groovy");
      writeFileSync(broken, "import hudson.model.Nobody\npipeline { stage('x' }");
      const { ok, message } = compileGroovy(jar, [broken, ...files]);
      rmSync(folder, { recursive: true });
      assert.equal(ok, false);
      const compiled = message.split("\n").filter((line) => line.startsWith("compiled "));
      assert.deepEqual(
        compiled,
        files.map((file) => `compiled ${file}`),
        message,
      );
      assert.match(message, /broken\.groovy: /);
    });

    it("creates the jobs of every stack, whose pipelines run", async () => {
      for (const stack of stackNames) {
        const declared = collected((await stackRecording(stack)).registrations);
        const { data } = declared.object("ConfigMap", "jenkins-jobs") as unknown as {
          data: Record<string, string>;
        };
        const { jobs } = parse(data["jobs.yaml"] ?? "") as { jobs: { script: string }[] };
        assert.equal(jobs.length, 1);
        const script = jobs[0]?.script.replaceAll("^${", "${") ?? "";
        const { events } = await run({ script });
        assert.ok(events.some(({ step }) => step === "pipelineJob"));
        const params = { TYPE: "delete", VERSION: "", BRANCH: stack === "prod" ? "online" : "dev" };
        const texts = scripts(events);
        assert.ok(texts.length > 0);
        const runs = await runAll(
          texts.map((text) => ({ script: text, params, env: { BUILD_NUMBER: "1" } })),
        );
        assert.deepEqual(
          runs.map(({ failure }) => failure),
          texts.map(() => null),
        );
      }
    });

    it("creates a folder per team and a pipeline per app, with the three parameters", async () => {
      const apps = { shop, news: { team: "content", domain: "news.test" } };
      const { events } = await run({ script: jobsScript(apps, settings) });
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

    it("passes any text to the pipeline unchanged", async () => {
      const odd = `a'b"c\\d\${e}$f\ng\\u0041`;
      const apps = { shop: { ...shop, domain: odd } };
      const [text] = scripts((await run({ script: jobsScript(apps, settings) })).events);
      const { events } = await run({
        script: `echo((${text?.slice("appPipeline".length)}).domain)`,
      });
      assert.deepEqual(args(events, "echo"), [[odd]]);
    });

    it("creates no job for a stack without apps", async () => {
      const { events, failure } = await run({ script: jobsScript({}, settings) });
      assert.equal(failure, null);
      assert.deepEqual(args(events, "pipelineJob"), []);
    });

    describe("the API token of user trigger", () => {
      const token = `11${"0123456789abcdef".repeat(2)}`;
      let folder: string;
      beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "token-"))));
      afterEach(() => rmSync(folder, { recursive: true }));

      const scenario = (text: string): Scenario => {
        writeFileSync(join(folder, "trigger-token"), `${text}\n`);
        writeFileSync(join(folder, "trigger-user"), "trigger-a1b2c3\n");
        const script = readFileSync(join(checkout, "ci/init/trigger-token.groovy"), "utf8");
        return { script: script.replaceAll("/run/secrets/jenkins", folder) };
      };

      it("is created at the first start, and is the only one after another start", async () => {
        for (const runs of [1, 2]) {
          const { tokens, failure } = await run({ ...scenario(token), runs });
          assert.equal(failure, null);
          assert.deepEqual(
            tokens.map(({ user, name, plain, expires }) => [user, name, plain, expires]),
            [["trigger-a1b2c3", "platform", token, false]],
          );
          assert.ok((tokens[0]?.saves ?? 0) >= 2, "the user is not saved with the token");
        }
      });

      it("is in no message if Jenkins does not accept it", async () => {
        const { tokens, failure } = await run(scenario(`10${token.slice(2)}`));
        assert.deepEqual(tokens, []);
        assert.match(
          failure ?? "",
          /^The API token of user trigger-a1b2c3 was not made: \S+Exception$/,
        );
        assert.doesNotMatch(failure ?? "", /0123456789/);
      });
    });

    it("disables the job of an app that was removed, and no other job", async () => {
      const jobs = [
        { fullName: "commerce/gone", description: "Declared by the platform: releases gone" },
        { fullName: "commerce/shop", description: "Declared by the platform: releases shop" },
        { fullName: "commerce/own", description: "Made by hand" },
      ];
      const { disabled } = await run({ script: jobsScript({ shop }, settings), jobs });
      assert.deepEqual(disabled, ["commerce/gone"]);
    });
  });
}

function groovyFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".groovy"))
    .map((file) => join(folder, file));
}
