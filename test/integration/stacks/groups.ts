import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../../../local/cluster";
import { localEnvironment } from "../../../local/commands/environment";
import { folderBackend } from "../../support/backend";
import { LinkedProject } from "../../support/linked-project";
import { stateAtEnd, succeeded, type Ended } from "../../support/project";
import { failedWith } from "../../support/results";

const stacks = ["hub", "stock", "basket"];

/** Declares the tests of a platform stack and two app stacks whose apps are a release group. */
export function releasesGroups(current: () => Cluster): void {
  describe("a release group of app stacks", () => {
    let project: LinkedProject;

    before(async () => {
      const cluster = current();
      project = new LinkedProject();
      const state = join(project.folder, "state");
      Object.assign(project.environment, {
        ...process.env,
        ...localEnvironment({ purpose: "test", cluster: cluster.name, state }),
        ...stateAtEnd,
        GIT_CONFIG_COUNT: "2",
        GIT_CONFIG_KEY_0: "user.name",
        GIT_CONFIG_VALUE_0: "Ann",
        GIT_CONFIG_KEY_1: "user.email",
        GIT_CONFIG_VALUE_1: "ann@example.com",
      });
      const common = {
        "platform:environment": "dev",
        "platform:domain": "dev.platform.test",
        "platform:cluster": { kubeconfig: cluster.kubeconfig, context: cluster.context },
        "platform:releases": { forcedCanary: false, soak: "0s", checkRequired: false },
      };
      project.stack("hub", {
        ...common,
        "platform:components": { tenancy: { teams: { commerce: { namespace: "groups" } } } },
      });
      for (const app of ["stock", "basket"]) {
        project.stack(app, {
          ...common,
          "platform:platformStack": "organization/platform/hub",
          "platform:appFiles": `apps/dev/${app}.yaml`,
        });
        project.app(`apps/dev/${app}.yaml`, {
          team: "commerce",
          // A worker needs neither a gateway nor an autoscaler.
          kind: "worker",
          // Without it, each pod must have run for some time.
          probes: { readiness: { command: ["true"] } },
          image: `harbor.dev.platform.test/${app}`,
          scaling: { replicas: 2 },
          stable: { version: "1.0.0" },
        });
      }
      project.file(
        "apps/groups/hub/checkout.yaml",
        "# Stock first\nwaves:\n  - [stock]\n  - [basket]\n",
      );
      await project.git("init", "--quiet");
      await project.git("add", "apps");
      await project.git("commit", "--quiet", "--message", "Start");
      const backend = folderBackend(state);
      for (const stack of stacks) {
        const file = `Pulumi.${stack}.yaml`;
        project.file(file, `${text(file)}encryptionsalt: ${backend.create(stack)}\n`);
      }
      succeeded(await project.platform("stacks", "up", "--parallel", "2"));
    });
    after(() => project?.remove());

    const group = (verb: string, ...args: string[]): Promise<Ended> =>
      project.platform("release", "group", verb, "checkout", ...args, "--stack", "hub");
    const up = (stack: string): Promise<Ended> =>
      project.run("pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", stack);
    const text = (file: string) => readFileSync(join(project.folder, file), "utf8");

    it("is one commit of all files, and its preview shows every app", async () => {
      const args = ["stock=2.0.0", "basket=1.1.0", "--weight", "5", "--commit"];
      const output = succeeded(await group("canary", ...args));
      assert.match(output, /wave 1: stock \(stack stock\)\nRELEASE[^]*2\.0\.0 is the canary at 5%/);
      assert.match(
        output,
        /wave 2: basket \(stack basket\)\nRELEASE[^]*1\.1\.0 is the canary at 5%/,
      );
      assert.equal(
        text("apps/groups/hub/checkout.yaml"),
        [
          "# Stock first",
          "waves:",
          "  - [stock]",
          "  - [basket]",
          "release:",
          "  stock: { from: 1.0.0, to: 2.0.0 }",
          "  basket: { from: 1.0.0, to: 1.1.0 }",
          "",
        ].join("\n"),
      );
      const files = await project.git("show", "--name-only", "--format=%s", "HEAD");
      assert.deepEqual(files.trim().split("\n"), [
        "hub: release stock, basket as group checkout",
        "",
        "apps/dev/basket.yaml",
        "apps/dev/stock.yaml",
        "apps/groups/hub/checkout.yaml",
      ]);
      assert.equal(await project.git("status", "--porcelain", "--untracked-files=no"), "");
    });

    it("is half-done between two waves, and continues", async () => {
      // Before its own wave, only its preview succeeds, and says what its update would refuse.
      const preview = await project.run("pulumi", "preview", "--non-interactive", "-s", "basket");
      assert.match(
        succeeded(preview),
        /basket takes its step after an earlier wave of group checkout \(apps\/groups\/hub\/checkout\.yaml\): expected stock of stack stock at stable 1\.0\.0, canary 2\.0\.0 at 5%, got stable 1\.0\.0 by its last update; update stack stock first/,
      );
      succeeded(await up("stock"));
      const half = await group("status");
      assert.equal(half.code, 1, half.output);
      assert.match(
        half.output,
        /group checkout of hub: half-done: stock is at stable 1\.0\.0, canary 2\.0\.0 at 5%; basket is at stable 1\.0\.0, but its file requests stable 1\.0\.0, canary 1\.1\.0 at 5%\n[^]*continue: npx platform stacks up --filter basket\n/,
      );
      const board = await project.platform("board", "dev", "--out", "public");
      assert.match(board.output, /Wrote public\/index\.html: 2 apps of dev\./);
      assert.match(text("public/index.html"), /group half-done/);
      assert.match(
        text("public/apps/basket.html"),
        /roll back: npx platform release group rollback/,
      );
      const rest = succeeded(await project.platform("stacks", "up", "--filter", "basket"));
      assert.match(rest, /basket: up succeeded/);
    });

    it("is promoted in one change, wave by wave", async () => {
      const output = succeeded(await group("promote", "--update"));
      const [first, second] = ["stock", "basket"].map((app) => text(`apps/dev/${app}.yaml`));
      assert.match(first ?? "", /stable:\n {2}version: 2\.0\.0\n$/);
      assert.match(second ?? "", /stable:\n {2}version: 1\.1\.0\n$/);
      assert.ok(output.indexOf("promote 2.0.0") < output.indexOf("promote 1.1.0"));
    });

    it("can be undone with one command, which reverts the last wave first", async () => {
      succeeded(await group("rollback"));
      failedWith(
        await up("stock"),
        /stock takes its step after an earlier wave of group checkout \(apps\/groups\/hub\/checkout\.yaml\): expected basket of stack basket at stable 1\.0\.0, got stable 1\.1\.0[^;]* by its last update; update stack basket first/,
      );
      const all = succeeded(
        await project.platform("stacks", "up", "--filter", "s", "--parallel", "2"),
      );
      assert.match(all, /\[1\/2\] basket: up succeeded[^]*\[2\/2\] stock: up succeeded/);
      assert.match(succeeded(await group("status")), /every app is as before/);
      const again = await group("rollback");
      assert.equal(again.code, 1);
      assert.match(again.output, /Group checkout cannot be rolled back/);
    });

    it("reports errors of groups with their keys, and changes nothing", async () => {
      const good = text("apps/groups/hub/checkout.yaml");
      project.file("apps/groups/hub/other.yaml", "waves:\n  - [basket, ghost]\n");
      const wrong = await group("canary", "stock=3.0.0");
      assert.equal(wrong.code, 1, wrong.output);
      const errors: [RegExp, RegExp] = [
        /other\.yaml: waves\[0\]\[0\]: expected an app that is in no group yet, got "basket", which apps\/groups\/hub\/checkout\.yaml: waves\[1\] has; leave one of them out/,
        /other\.yaml: waves\[0\]\[1\]: expected an app of the platform, got "ghost"/,
      ];
      failedWith(wrong, ...errors);
      const program = await project.run("pulumi", "preview", "--non-interactive", "-s", "basket");
      failedWith(program, ...errors);
      assert.equal(text("apps/groups/hub/checkout.yaml"), good);
    });
  });
}
