import assert from "node:assert/strict";
import { agents, args, commands, isPush } from "../../support/groovy";
import { shopPipeline as shop } from "../../support/pipelines";
import { releaseScenario, type PipelineScenarios } from "./scenarios";

/** Declares the tests of the pipeline of an app. */
export function releasesApps(current: () => PipelineScenarios): void {
  describe("for an app", () => {
    let scenarios: PipelineScenarios;
    before(() => (scenarios = current()));

    it("goes from the source to the promotion, in this order", async () => {
      const { events, failure } = await scenarios.release({}, shop, { statuses: [2, 0, 0] });
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
        'npx platform release check "$APP" "$RELEASE" --stack "$STACK"',
        'npx platform release promote "$APP" "$RELEASE" --stack "$STACK"',
      ]);
    });

    it("runs an app's own commands only where no credentials are", async () => {
      const { events } = await scenarios.release({}, shop, { statuses: [0, 0], hook: true });
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

    it("passes the base image and its sources to the Dockerfile as variables, not in the command", async () => {
      const { events } = await scenarios.release({}, shop, { statuses: [0, 0] });
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

    it("reads the source with the token on the platform's own server only, and from no unlisted one", async () => {
      const remoteOf = async (repository: string) => {
        const { events, failure } = await scenarios.release(
          {},
          { ...shop, repository },
          { statuses: [0, 0] },
        );
        const [first] = events.filter(
          ({ step, stage }) => step === "scmGit" && stage === "Checkout",
        );
        const given = first?.args[0] as { userRemoteConfigs: object[] } | undefined;
        return given?.userRemoteConfigs[0] ?? failure;
      };
      const own = "https://GIT.test/commerce/shop.git";
      assert.deepEqual(await remoteOf(own), { url: own, credentialsId: "git" });
      const open = "https://github.com/commerce/shop.git";
      assert.deepEqual(await remoteOf(open), { url: open });
      const otherPort = "https://git.test:8443/commerce/shop.git";
      assert.deepEqual(await remoteOf(otherPort), { url: otherPort });
      for (const other of [
        "https://elsewhere.test/git.test/shop.git",
        "https://git.test@elsewhere.test/shop.git",
        "http://git.test/commerce/shop.git",
      ]) {
        assert.match(
          String(await remoteOf(other)),
          /^The repository of shop: expected one on git\.test or github\.com, got one on /,
        );
      }
    });

    it("lets only the team's groups and administrators continue it, not everybody who may start it", async () => {
      const submitters = async (approvers?: string[], env: Record<string, string> = {}) => {
        const { events } = await scenarios.release(
          {},
          approvers === undefined ? shop : { ...shop, approvers },
          { statuses: [0, 0], env: { BUILD_NUMBER: "7", ...env } },
        );
        return args(events, "input").map(([given]) => (given as { submitter?: string }).submitter);
      };
      const operations = { PLATFORM_APPROVERS: "operations" };
      assert.deepEqual(await submitters(["leads", "developers"], operations), [
        "operations,leads,developers",
      ]);
      assert.deepEqual(await submitters(["leads"], { PLATFORM_APPROVERS: "" }), ["leads"]);
      assert.deepEqual(await submitters(), ["administrators"]);
    });

    it("refuses a version that no built image can have, before anything is built", async () => {
      for (const VERSION of ["latest", "1.5", "1.5.0_x"]) {
        const { events, failure } = await scenarios.release({ VERSION }, shop);
        assert.match(failure ?? "", /^VERSION: expected a semantic version .*, got "\S+"$/);
        assert.deepEqual(commands(events, "Build"), []);
      }
    });

    it("asks again while a check is inconclusive, and ends if it fails", async () => {
      assert.equal(
        args((await scenarios.release({}, shop, { statuses: [2, 2, 0, 0] })).events, "input")
          .length,
        3,
      );
      const failed = await scenarios.release({}, shop, { statuses: [1] });
      assert.match(failed.failure ?? "", /1\.5\.0-online-3f2c1a9d0e4b of shop failed its check/);
      assert.deepEqual(commands(failed.events, "Promote"), []);
      const late = await scenarios.release({}, shop, { statuses: [0, 1] });
      assert.match(late.failure ?? "", /of shop failed its check/);
      assert.ok(!commands(late.events, "Promote").some((text) => text.includes("release promote")));
      const odd = await scenarios.release({}, shop, { statuses: [127] });
      assert.match(odd.failure ?? "", /The check: expected an exit code from 0 to 4, got 127/);
    });

    it("does not treat a canary that could not be checked as failed: it asks again, and promotes nothing", async () => {
      const { events, failure } = await scenarios.release({}, shop, { statuses: [3, 0, 3] });
      assert.equal(args(events, "input").length, 2);
      assert.match(String(args(events, "echo")[0]?.[0]), /of shop could not be checked/);
      assert.match(failure ?? "", /of shop could not be checked, so nothing is known about it/);
      assert.ok(!commands(events, "Promote").some((text) => text.includes("release promote")));
    });

    it("continues if the release is already stable, as an app's first one is immediately", async () => {
      const { events, failure } = await scenarios.release({}, shop, { statuses: [4, 4] });
      assert.equal(failure, null);
      assert.equal(args(events, "input").length, 1);
      assert.ok(commands(events, "Promote").some((text) => text.includes("release promote")));
    });

    it("promotes without a check if the environment requires none", async () => {
      const { events, failure } = await scenarios.release({ BRANCH: "dev" }, shop);
      assert.equal(failure, null);
      assert.ok(!commands(events).some((text) => text.includes("release check")));
      assert.ok(commands(events, "Promote").some((text) => text.includes("release promote")));
    });

    it("builds nothing for an app without a repository: its version is the tag of an image", async () => {
      const { events } = await scenarios.release(
        {},
        { team: "content", domain: "news.test" },
        { statuses: [0, 0] },
      );
      assert.deepEqual(commands(events, "Build"), []);
      assert.deepEqual(commands(events, "Push"), []);
      const push = events.find(({ step, args: [text] }) => step === "sh" && isPush(text));
      assert.ok(push?.env.includes("TITLE=Release shop 1.5.0 in online as a canary"));
    });

    it("removes an app from an environment with a merge request, and does nothing else", async () => {
      const { events } = await scenarios.release({ TYPE: "delete", VERSION: "" }, shop);
      assert.deepEqual([...new Set(events.map(({ stage }) => stage))], [null, "Delete"]);
      const [install, kubeconfig, removal] = commands(events, "Delete");
      assert.equal(install, "npm ci --no-audit --no-fund");
      assert.match(kubeconfig ?? "", /kubeconfig/);
      assert.equal(removal, 'npx platform apps remove "$APP" --stack "$STACK"');
      assert.ok(commands(events, "Delete").some(isPush));
    });

    it("refuses parameters that are not allowed", async () => {
      const versions = ["", "1.5.0; rm -rf /", "$(id)", "1.5.0\nx", "-x", "a".repeat(64)];
      const wrong: Record<string, string>[] = [
        { BRANCH: "gray" },
        { TYPE: "destroy" },
        ...versions.map((VERSION) => ({ VERSION })),
      ];
      const all = await scenarios.runAll(wrong.map((params) => releaseScenario(params, shop)));
      for (const { events } of all) assert.deepEqual(commands(events), []);
      const [branch, type, ...rest] = all.map(({ failure }) => failure);
      assert.equal(branch, 'BRANCH: expected one of dev, online, got "gray"');
      assert.equal(type, 'TYPE: expected apply or delete, got "destroy"');
      assert.equal(rest.length, versions.length);
      for (const failure of rest) assert.match(failure ?? "", /^VERSION: expected /);
    });

    it("inserts nothing that a person typed into a command", async () => {
      const marker = "1.5.0_typed";
      const { events } = await scenarios.release({ VERSION: marker }, shop, { statuses: [0, 0] });
      assert.deepEqual(
        commands(events).filter((text) => text.includes(marker)),
        [],
      );
    });

    it("releases an app in its own stack, if it has one in the environment", async () => {
      const own = { ...shop, stacks: { online: { stack: "shop.prod", check: true } } };
      const { events } = await scenarios.release({}, own, { statuses: [0, 0] });
      const canary = events.find(
        ({ step, stage, args: [text] }) => step === "sh" && stage === "Canary" && isPush(text),
      );
      assert.ok(canary?.env.includes("STACK=shop.prod"), String(canary?.env));
    });
  });
}
