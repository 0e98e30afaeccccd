import assert from "node:assert/strict";
import type { TestStack } from "./project";

/** What the tests of manual changes need of a deployed stack. */
interface Given {
  stack: () => TestStack;
  /** Config of the stack when it was deployed. */
  original: () => Record<string, unknown>;
  /** Sets the share of the canary of app `shop`, percent. */
  edit: (weight: number) => void;
  /** Returns the comment of a preview with an exit code. */
  previewed: (code: number) => Promise<string>;
  hashIn: (comment: string) => string;
  canaryWeight: () => Promise<string>;
}

/** Declares the tests of objects that somebody changes with kubectl. */
export function describeHandChanges(given: Given): void {
  const { stack, original, edit, previewed, hashIn, canaryWeight } = given;
  describe("of objects that somebody changed by hand", () => {
    let approved: string;
    const title = /Changed by hand in the cluster since the plan was approved:/;
    const changes = [
      [
        ...["service", "shop-stable", "commerce-dev"],
        '[{"op":"replace","path":"/spec/selector/app.kubernetes.io~1instance","value":"nope"}]',
      ],
      [
        ...["networkpolicy", "allow-egress", "commerce-dev"],
        '[{"op":"replace","path":"/spec/egress/0/ports/0/port","value":54}]',
      ],
      [
        ...["deployment", "traefik", "gateway"],
        '[{"op":"replace","path":"/spec/replicas","value":2}]',
      ],
    ] as const;
    const named = [
      /Service commerce-dev\/shop-stable/,
      /spec\.selector\["app\.kubernetes\.io\/instance"\]: recorded "shop-1-4-2", live "nope"/,
      /NetworkPolicy commerce-dev\/allow-egress/,
      /spec\.egress\[0\]\.ports\[0\]\.port: recorded 53, live 54/,
      /Deployment gateway\/traefik/,
      /spec\.replicas: recorded 1, live 2/,
      /PodDisruptionBudget commerce-dev\/shop-1-4-2`?: deleted/,
    ];

    type Patch = readonly [kind: string, name: string, namespace: string, patch: string];
    const patch = ([kind, name, namespace, json]: Patch) =>
      stack().kubectl("patch", kind, name, "-n", namespace, "--type", "json", "-p", json);

    before(async () => {
      stack().edit((config) => {
        for (const key of Object.keys(config)) delete config[key];
        Object.assign(config, original());
      });
      edit(55);
      approved = hashIn(await previewed(0));
      for (const change of changes) await patch(change);
      await stack().kubectl("delete", "pdb", "shop-1-4-2", "-n", "commerce-dev");
    });

    it("refuses a plan that was approved before, with that reason and nothing changed", async () => {
      const { code, output } = await stack().platform("up", "--plan-hash", approved);
      assert.equal(code, 1, output);
      assert.match(output, /would change in a different way than approved; nothing was changed/);
      assert.match(output, title);
      for (const text of named) assert.match(output, text);
      assert.equal(await canaryWeight(), "50");
    });

    it("names each of them with the recorded and the live value, and does not look without being asked to", async () => {
      const comment = await previewed(3);
      assert.match(comment, /### Changed by hand since the last update\n/);
      for (const text of named) assert.match(comment, text);
      approved = hashIn(comment);
      const { output } = await stack().platform("preview", "--no-refresh");
      assert.doesNotMatch(output, /hanged by hand/);
    });

    it("applies the plan that takes them back", async () => {
      const { code, output } = await stack().platform("up", "--plan-hash", approved);
      assert.equal(code, 0, output);
      assert.equal(await canaryWeight(), "55");
      assert.match(await previewed(0), /\*\*No object changes\*\*/);
    });

    it("stops an update that was never previewed at the Service, not at the end of a wait", async () => {
      await patch(changes[0]);
      const output = await stack().mustFail(
        /Service commerce-dev\/shop-stable was changed by hand since the last update: spec\.selector\["app\.kubernetes\.io\/instance"\] is nope, expected shop-1-4-2/,
        "up",
      );
      assert.doesNotMatch(output, /controller manager/);
      // Otherwise the next preview would stop at this Service, before the route.
      await stack().must("up", "--refresh", "--run-program");
    });

    it("names a route's weight also where the server refuses to give the route back in a preview", async () => {
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

    it("gets all of it back by the command that the refusal names", async () => {
      edit(55);
      await stack().must("up", "--refresh", "--run-program");
      assert.match(await previewed(0), /\*\*No object changes\*\*/);
    });
  });
}
