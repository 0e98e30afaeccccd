import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../../../local/cluster";
import { WarmPrograms } from "../../../cli/stacks/warm/programs";
import { gatewayWithoutCrds } from "../../support/dev-stack";
import { succeeded, TestStack } from "../../support/project";
import { SharedPreviews } from "../../support/shared-preview";
import { setOutputs } from "./outputs";

const environment = "dev";
const domain = "dev.platform.test";

/** Declares the tests of a platform stack and an app stack. Each continues where the one before it ended. */
export function runsStacks(current: () => Cluster): void {
  describe("a platform stack and an app stack", () => {
    let cluster: Cluster;
    let platform: TestStack;
    let app: TestStack;
    before(async () => {
      cluster = current();
      platform = new TestStack("many-platform", cluster);
      app = new TestStack("many-shop", cluster, undefined, platform.folder);
      platform.edit((config) => {
        const gateway = gatewayWithoutCrds();
        replace(config, {
          "platform:environment": environment,
          "platform:domain": domain,
          "platform:components": {
            placement: {},
            tenancy: { teams: { commerce: { namespace: "shops" } } },
            gateway,
            dashboard: {},
          },
        });
      });
      app.edit((config) => {
        const { shop } = config["platform:apps"] as { shop: object };
        replace(config, {
          "platform:environment": environment,
          "platform:domain": domain,
          "platform:releases": { forcedCanary: false, soak: "0s", checkRequired: false },
          "platform:platformStack": "organization/platform/many-platform",
          "platform:apps": { shop },
        });
      });
      await platform.create();
      await app.create();
    });
    after(() => {
      for (const stack of [platform, app]) stack?.remove();
    });

    function replace(config: Record<string, unknown>, values: object): void {
      const cluster_ = config["platform:cluster"];
      for (const key of Object.keys(config)) delete config[key];
      Object.assign(config, { "platform:cluster": cluster_, ...values });
    }

    function weight(percent: number): void {
      app.editApp<{ canary: { weight: number } }>("shop", ({ canary }) => {
        canary.weight = percent;
      });
    }

    it("are listed", async () => {
      const output = succeeded(await app.stacks("list"));
      assert.match(output, /^many-shop +dev +organization\/platform\/many-platform +shop$/m);
    });

    it("are created in one run, the platform first", async () => {
      const output = succeeded(await app.stacks("up", "--parallel", "2"));
      assert.match(output, /\[1\/2\] many-platform: up succeeded in [\d.]+ s: \d+ created/);
      assert.match(output, /\[2\/2\] many-shop: up succeeded in [\d.]+ s: \d+ created/);
      assert.match(output, /2 stacks: 2 succeeded, 0 failed, 0 skipped/);
      const names = await app.kubectl("get", "deploy,httproute", "-n", "shops", "-o", "name");
      assert.match(names, /deployment.apps\/shop-1-4-2\n.*deployment.apps\/shop-1-5-0\n.*shop/);
      const { platform: facts } = await platform.outputs();
      assert.deepEqual((facts as { namespaces: object }).namespaces, { commerce: "shops" });
    });

    it("are refused a host of the platform's web UIs", async () => {
      const hosts = [`dashboard.${domain}`];
      app.editApp<{ hosts?: string[] }>("shop", (shop) => (shop.hosts = hosts));
      try {
        await app.mustFail(
          /platform:apps\.shop\.hosts\[0\]: expected a host name that nothing else uses, got "dashboard\.dev\.platform\.test", which platform:components\.dashboard\.host of the platform stack uses/,
          "preview",
        );
      } finally {
        app.editApp<{ hosts?: string[] }>("shop", (shop) => delete shop.hosts);
      }
    });

    it("are skipped while nothing has changed", async () => {
      for (const verb of ["up", "preview"]) {
        const output = succeeded(await app.stacks(verb, "--changed"));
        assert.match(output, /2 stacks: 0 succeeded, 0 failed, 2 skipped/);
      }
    });

    it("run if one changed; a failure of another one affects only itself", async () => {
      weight(50);
      const broken = join(platform.folder, "Pulumi.many-broken.yaml");
      writeFileSync(broken, "config: [");
      const { code, output } = await app.stacks("up", "--changed");
      rmSync(broken);
      assert.equal(code, 1, output);
      assert.match(output, /many-broken: up failed .*is not valid YAML/);
      assert.match(output, /many-platform: up skipped: unchanged/);
      assert.match(output, /many-shop: up succeeded in [\d.]+ s: 1 updated/);
    });

    it("have the same previews in one process as in a process for each", async () => {
      weight(40);
      const fresh = new TestStack("many-news", cluster, undefined, platform.folder);
      fresh.edit((config) => {
        const { shop } = app.config()["platform:apps"] as { shop: object };
        const news = { ...shop, domain: `news.${domain}` };
        replace(config, { ...app.config(), "platform:apps": { news } });
      });
      const programs = new WarmPrograms(app.environment);
      try {
        await fresh.create();
        const previews = new SharedPreviews(programs);
        // How many resources each updates and creates at least.
        for (const [stack, updated, created] of [
          [app, 1, 0],
          [fresh, 0, 15],
          [app, 1, 0],
        ] as const) {
          const { update = 0, create = 0 } = await previews.same(stack);
          assert.ok(update >= updated && create >= created, `${update} and ${create}`);
        }
        assert.equal(programs.started, 1);
      } finally {
        await programs.close();
        rmSync(fresh.configFile);
        weight(50);
      }
    });

    it("are refused individually in a shared process for the wrong cluster", async () => {
      const right = app.config()["platform:cluster"] as object;
      const pointTo = (cluster: object) =>
        app.edit((config) => Object.assign(config, { "platform:cluster": cluster }));
      pointTo({ ...right, uid: "00000000-0000-0000-0000-000000000000" });
      try {
        const { code, output } = await app.stacks("preview", "--parallel", "1");
        assert.equal(code, 1, output);
        assert.match(output, /many-platform: preview succeeded in [\d.]+ s: no changes/);
        assert.match(
          output,
          /many-shop: preview failed in [\d.]+ s: error: Wrong cluster: context/,
        );
      } finally {
        pointTo(right);
      }
    });

    it("are not skipped if somebody else updated one, even with unchanged inputs", async () => {
      // What another update leaves for the next run is the time of the state.
      await app.editState(({ manifest }) => {
        manifest.time = new Date().toISOString();
      });
      const output = succeeded(await app.stacks("up", "--changed"));
      assert.match(output, /many-platform: up skipped: unchanged/);
      assert.match(output, /many-shop: up succeeded in [\d.]+ s: no changes/);
    });

    it("accept a new version only once the stack that they require has tried it", async () => {
      const gray = new TestStack("many-gray", cluster, undefined, platform.folder);
      const requiring = (version: string, requires?: string) =>
        app.edit((config) => {
          const releases = config["platform:releases"] as Record<string, unknown>;
          releases["secondRelease"] = "supersede";
          if (requires === undefined) delete releases["requires"];
          else releases["requires"] = requires;
          const apps = config["platform:apps"] as { shop: { canary: { version: string } } };
          apps.shop.canary.version = version;
        });
      try {
        await gray.create();
        const { shop } = (await app.outputs())["releases"] as { shop: { stable: string } };
        requiring("9.9.9", "organization/platform/many-gray");
        await app.mustFail(
          /9\.9\.9 is new in this stack, and organization\/platform\/many-gray, which .* has no record of it/,
          "preview",
        );
        const record = JSON.parse(
          JSON.stringify(shop).replaceAll(`"${shop.stable}"`, '"9.9.9"'),
        ) as object;
        await setOutputs(gray, { releases: { shop: record } });
        const tried = await app.pulumi("preview");
        assert.equal(tried.code, 0, tried.output);
        assert.match(
          tried.output,
          /shop: 9\.9\.9 is stable since .* in organization\/platform\/many-gray/,
        );
        requiring("9.9.9", "organization/platform/many-none");
        const command = await app.release("status", "shop");
        assert.match(command.output, /many-none, which .* cannot be read: .*many-none/);
      } finally {
        requiring("1.5.0");
      }
    });
  });
}
