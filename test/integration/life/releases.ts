import assert from "node:assert/strict";
import { unaccounted } from "../../support/bookkeeping";
import type { TestStack } from "../../support/project";
import { withoutRoom } from "../../support/unschedulable";

/** Declares the tests of the releases of `shop` and `news`. */
export function releasesApps(current: () => TestStack): void {
  describe("where releases come and go", () => {
    let stack: TestStack;
    before(() => (stack = current()));

    it("changes exactly the route when a canary's weight changes", async () => {
      stack.editApp<{ canary: { weight: number } }>("shop", ({ canary }) => {
        canary.weight = 50;
      });
      const output = await stack.must("up");
      assert.match(output, /1 updated/);
      assert.match(output, /HTTPRoute shop updated/);
      const weights = await stack.kubectl(
        ...["get", "httproute", "shop", "-n", "commerce-dev", "-o"],
        "jsonpath={.spec.rules[*].backendRefs[*].weight}",
      );
      assert.equal(weights, "0 100 50 50");
    });

    it("records each app's releases for the next update", async () => {
      const { apps } = (await stack.outputs()) as {
        apps: { shop: { traffic: { version: string; weight: number }[] } };
      };
      assert.deepEqual(
        apps.shop.traffic.map(({ version, weight }) => [version, weight]),
        [
          ["1.4.2", 50],
          ["1.5.0", 50],
        ],
      );
    });

    it("records a canary that never gets ready, so that taking it back leaves nothing", async () => {
      const { "platform:apps": apps } = stack.config();
      stack.editApp("news", (news) => {
        const canary = { version: "2.1.0", weight: 0 };
        Object.assign(news, { canary, progressDeadlineSeconds: 15 });
      });
      await withoutRoom(stack, async () => {
        await stack.mustFail(/Deployment content-dev\/news-2-1-0 failed: /, "up");
        const { resources } = (await stack.state()).deployment;
        assert.ok(resources.some(({ urn }) => urn.endsWith(":apps/v1:Deployment::news-2-1-0")));
        assert.deepEqual(await unaccounted(stack), { orphaned: [], missing: [] });

        // A refresh records what is not ready, and a preview says that the update waits for it.
        await stack.must("refresh");
        const { output } = await stack.platform("preview");
        assert.match(
          output,
          /^\*\*update\*\* `Deployment content-dev\/news-2-1-0` .*: awaited again, because it was not ready/m,
        );
      });

      stack.edit((config) => (config["platform:apps"] = apps));
      await stack.must("up");
      assert.deepEqual(await unaccounted(stack), { orphaned: [], missing: [] });
      assert.doesNotMatch(await stack.kubectl("get", "deploy", "-A", "-o", "name"), /news-2-1-0/);
    });

    it("adopts what runs when the record is lost, and lets no other release be stable", async () => {
      await stack.editState(({ resources }) => {
        const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
        assert.ok(root?.outputs?.["releases"]);
        delete root.outputs;
        // Each app's component has its record as well.
        for (const { type, outputs } of resources) {
          if (type === "platform:app:App") delete outputs?.["record"];
        }
      });
      const version = (to: string) =>
        stack.editApp<{ stable: { version: string } }>("news", ({ stable }) => {
          stable.version = to;
        });
      stack.edit((config) => {
        config["platform:releases"] = { forcedCanary: true, soak: "0s", checkRequired: false };
      });
      version("2.0.2");
      await stack.mustFail(
        /news: .*2\.0\.2.*\(canary-before-stable\)\.\s+requested: stable 2\.0\.2; live: stable 2\.0\.1 in the cluster, nothing recorded/,
        "up",
      );
      version("2.0.1");
      const output = await stack.must("up");
      assert.match(
        output,
        /news: the record is lost; 2\.0\.1, which the cluster runs as stable, is recorded again/,
      );
      assert.doesNotMatch(output, /Deployment \S+ (updated|created|replaced)/);
      await stack.must("up", "--expect-no-changes");
    });

    it("does not promote a canary whose pods are not ready any more", async () => {
      const { "platform:apps": apps } = stack.config();
      await ready("1.5.0", "False");
      stack.edit((config) => {
        config["platform:releases"] = { forcedCanary: true, soak: "0s", checkRequired: false };
        const { shop } = config["platform:apps"] as { shop: Record<string, unknown> };
        shop["stable"] = { version: "1.5.0" };
        delete shop["canary"];
      });
      await stack.mustFail(
        // Two waits end at the same time; the engine shows the first one.
        /The share of shop-1-5-0 was not raised, after 20 s: \d of the 4 pods that it needs are ready|Service commerce-dev\/shop-stable stays as it is: shop-1-5-0 cannot take its requests, after 20 s: none of its pods is ready/,
        "up",
      );
      assert.equal(await selected(), "shop-1-4-2");
      await ready("1.5.0", "True");
      stack.edit((config) => (config["platform:apps"] = apps));
    });

    it("promotes by autoscaler, Services and route: no live Deployment changes", async () => {
      stack.edit((config) => {
        config["platform:releases"] = { forcedCanary: true, soak: "0s", checkRequired: false };
        const apps = config["platform:apps"] as { shop: Record<string, unknown> };
        apps.shop["stable"] = { version: "1.5.0" };
        delete apps.shop["canary"];
      });
      const { code, output } = await stack.pulumi("preview", "--json");
      assert.equal(code, 0, output);
      const { steps } = JSON.parse(output.slice(output.indexOf("{"))) as {
        steps: { op: string; urn: string }[];
      };
      const changed = steps
        .filter(({ op }) => op !== "same" && op !== "read")
        .map(({ op, urn }) => `${op} ${urn.split("::").slice(-2).join(" ").replace(/^.*\$/, "")}`);
      assert.deepEqual(changed.sort(), [
        // Keeps the pods that the release was scaled to before its share rose.
        "update kubernetes:autoscaling/v2:HorizontalPodAutoscaler shop-1-5-0",
        "update kubernetes:core/v1:Service shop-stable",
        "update kubernetes:gateway.networking.k8s.io/v1:HTTPRoute shop",
      ]);
      assert.match(await stack.must("up"), /promote 1\.5\.0: it is stable in place of 1\.4\.2/);
    });

    it("rolls back from a release that is not ready, and an earlier refresh noted that", async () => {
      await ready("1.5.0", "False");
      await stack.kubectl(
        ...["wait", "deployment/shop-1-5-0", "-n", "commerce-dev", "--timeout=60s"],
        "--for=condition=Available=False",
      );
      await stack.must("refresh");
      const { code, output } = await stack.release("rollback", "shop", "--update");
      assert.equal(code, 0, output);
      assert.match(output, /Not waited for: Deployment commerce-dev\/shop-1-5-0/);
      assert.equal(await selected(), "shop-1-4-2");
      await ready("1.5.0", "True");
      await stack.must("refresh");
      const again = await stack.release("rollback", "shop", "1.5.0", "--update");
      assert.equal(again.code, 0, again.output);
    });

    /** Lets every pod of a release of the shop become ready, or not. */
    async function ready(version: string, status: "True" | "False"): Promise<void> {
      const release = `app.kubernetes.io/instance=shop-${version.replaceAll(".", "-")}`;
      const patch = JSON.stringify({ status: { conditions: [{ type: "Ready", status }] } });
      const pods = ["get", "pods", "-n", "commerce-dev", "-l", release, "-o", "name"];
      for (const name of (await stack.kubectl(...pods)).trim().split("\n")) {
        const own = ["patch", name, "-n", "commerce-dev", "--subresource=status", "-p", patch];
        await stack.kubectl(...own);
      }
    }

    function selected(): Promise<string> {
      return stack.kubectl(
        ...["get", "service", "shop-stable", "-n", "commerce-dev", "-o"],
        "jsonpath={.spec.selector.app\\.kubernetes\\.io/instance}",
      );
    }
  });
}
