import assert from "node:assert/strict";
import type { TestStack } from "./project";

/** The deployed stack that the tests of manual changes need. */
interface Given {
  stack: () => TestStack;
  /** Config of the stack when it was deployed. */
  original: () => Record<string, unknown>;
  /** Returns the hash of the plan that was applied last: it raised that share from 10 to 50. */
  applied: () => string;
  /** Sets the share of the canary of app `shop`, percent. */
  edit: (weight: number) => void;
  /** Returns the comment of a preview with an exit code. */
  previewed: (code: number) => Promise<string>;
  hashIn: (comment: string) => string;
  canaryWeight: () => Promise<string>;
}

/** Declares the tests of objects that somebody changes with kubectl. */
export function describeHandChanges(given: Given): void {
  const { stack, original, applied, edit, previewed, hashIn, canaryWeight } = given;
  describe("of objects that somebody changed by hand", () => {
    let approved: string;
    const title = /Changed by hand in the cluster since the plan was approved:/;
    const changes = [
      [...["service", "shop-stable", "commerce-dev"], selecting("nope")],
      [
        ...["networkpolicy", "allow-egress", "commerce-dev"],
        '[{"op":"replace","path":"/spec/egress/0/ports/0/port","value":54}]',
      ],
      [
        ...["deployment", "traefik", "gateway"],
        '[{"op":"replace","path":"/spec/replicas","value":2}]',
      ],
    ] as const;
    const fields = [
      "jsonpath={.spec.selector.app\\.kubernetes\\.io/instance}",
      "jsonpath={.spec.egress[0].ports[0].port}",
      "jsonpath={.spec.replicas}",
    ];
    const named = [
      /Service commerce-dev\/shop-stable/,
      /spec\.selector\["app\.kubernetes\.io\/instance"\]: recorded "shop-1-4-2", live "nope"/,
      /NetworkPolicy commerce-dev\/allow-egress/,
      /spec\.egress\[0\]\.ports\[0\]\.port: recorded 53, live 54/,
      /Deployment gateway\/traefik/,
      /spec\.replicas: recorded 1, live 2/,
      /PodDisruptionBudget commerce-dev\/shop-1-4-2`?: deleted/,
    ];

    /** Returns the values that are changed by hand, in the order of the changes. */
    async function live(): Promise<string[]> {
      const values = changes.map(([kind, name, namespace], index) =>
        stack().kubectl("get", kind, name, "-n", namespace, "-o", fields[index] ?? ""),
      );
      return Promise.all(values);
    }

    type Patch = readonly [kind: string, name: string, namespace: string, patch: string];
    const patch = ([kind, name, namespace, json]: Patch) =>
      stack().kubectl("patch", kind, name, "-n", namespace, "--type", "json", "-p", json);

    function reset(weight: number): void {
      stack().edit((config) => {
        for (const key of Object.keys(config)) delete config[key];
        Object.assign(config, original());
      });
      edit(weight);
    }

    before(async () => {
      reset(50);
      for (const change of changes) await patch(change);
      await stack().kubectl("delete", "pdb", "shop-1-4-2", "-n", "commerce-dev");
    });

    it("refuses to apply a plan twice, because of its own changes and later changes by hand", async () => {
      const { code, output } = await stack().platform("up", "--plan-hash", applied());
      assert.equal(code, 1, output);
      assert.match(output, /would change differently than approved; nothing was changed/);
      assert.match(output, title);
      for (const text of named) assert.match(output, text);
      // What it already did is no longer in the plan.
      assert.match(output, /- spec\.rules\[1\]\.backendRefs\[shop-canary\]\.weight: 10 → 50/);
      assert.equal(await canaryWeight(), "50");
      assert.deepEqual(await live(), ["nope", "54", "2"]);
    });

    it("does not look for them unless requested, and reports other dangers with their own exit code", async () => {
      stack().edit((config) => {
        delete (config["platform:apps"] as { news?: object }).news;
      });
      const { code, output } = await stack().platform("preview", "--no-refresh");
      assert.equal(code, 3, output);
      assert.match(output, /\*\*Caution:\*\* this change of stack `preview` has \d+ dangers/);
      assert.match(output, /- Deleted: of `App news`, /);
      assert.match(output, /2\.0\.1 .*stable → gone +100% → -/);
      hashIn(output);
      assert.doesNotMatch(output, /hanged by hand/);
    });

    it("names each of them with the recorded and the live value, with the same exit code", async () => {
      reset(55);
      const comment = await previewed(3);
      assert.match(comment, /### Changed by hand since the last update\n/);
      for (const text of named) assert.match(comment, text);
      approved = hashIn(comment);
    });

    it("applies the plan that reverts them", async () => {
      const { code, output } = await stack().platform("up", "--plan-hash", approved);
      assert.equal(code, 0, output);
      assert.equal(await canaryWeight(), "55");
      assert.deepEqual(await live(), ["shop-1-4-2", "53", "1"]);
      await stack().kubectl("get", "pdb", "shop-1-4-2", "-n", "commerce-dev");
    });

    it("stops an update that was never previewed at the Service, not at a timeout", async () => {
      await patch(changes[0]);
      const output = await stack().mustFail(
        /Service commerce-dev\/shop-stable was changed by hand since the last update: spec\.selector\["app\.kubernetes\.io\/instance"\] is nope, expected shop-1-4-2/,
        "up",
      );
      assert.doesNotMatch(output, /controller manager/);
      // Otherwise the next preview would stop at this Service, before the route.
      await patch(["service", "shop-stable", "commerce-dev", selecting("shop-1-4-2")]);
    });

    it("names a route's weight even if the server refuses to return the route in a preview", async () => {
      edit(60);
      await patch([
        "httproute",
        "shop",
        "commerce-dev",
        '[{"op":"replace","path":"/spec/rules/1/backendRefs/0/weight","value":70}]',
      ]);
      const { code, output } = await stack().platform("up", "--plan-hash", approved);
      assert.equal(code, 1, output);
      assert.match(output, /cannot be updated; nothing was changed/);
      assert.match(output, /HTTPRoute commerce-dev\/shop/);
      assert.match(
        output,
        /spec\.rules\[1\]\.backendRefs\[shop-stable\]\.weight: recorded 45, live 70/,
      );
      assert.match(output, /conflict with "kubectl-patch"[^]*pulumi up --skip-preview --refresh/);
      assert.equal(await canaryWeight(), "55");
    });

    it("restores everything with the command that the refusal names", async () => {
      edit(55);
      const output = await stack().must("up", "--refresh", "--run-program");
      assert.match(output, /HTTPRoute shop updated/);
      assert.match(output, /1 updated\n +[1-9]\d* unchanged\n/);
      const weights = "jsonpath={.spec.rules[1].backendRefs[*].weight}";
      const route = ["get", "httproute", "shop", "-n", "commerce-dev", "-o", weights];
      assert.equal(await stack().kubectl(...route), "45 55");
    });
  });
}

/** Returns the patch of a Service that selects the pods of one release. */
function selecting(release: string): string {
  const path = "/spec/selector/app.kubernetes.io~1instance";
  return JSON.stringify([{ op: "replace", path, value: release }]);
}
