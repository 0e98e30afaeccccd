import assert from "node:assert/strict";
import type { TestStack } from "../../support/project";
import { failedWith, unwrapped } from "../../support/results";
import { settled } from "../../support/settled";
import { withoutRoom } from "../../support/unschedulable";

/** Declares the tests of a migration in the releases of `orders`, one of the stack's apps. */
export function migratesData(current: () => TestStack): void {
  describe("where a release migrates the app's data", () => {
    let stack: TestStack;
    before(() => (stack = current()));
    const inTeam = ["-n", "content-dev"];
    const jobs = async () =>
      (await stack.kubectl("get", "jobs", ...inTeam, "-o", "name"))
        .split("\n")
        .filter((name) => name.includes("3-2-0-migrate"));
    const serving = async () => {
      const selector = "jsonpath={.spec.selector.app\\.kubernetes\\.io/instance}";
      const weights = "jsonpath={.spec.rules[-1].backendRefs[*].weight}";
      return [
        await stack.kubectl("get", "service", "orders-stable", ...inTeam, "-o", selector),
        await stack.kubectl("get", "service", "orders-canary", ...inTeam, "-o", selector),
        await stack.kubectl("get", "httproute", "orders", ...inTeam, "-o", weights),
      ];
    };
    const uid = (job: string) =>
      stack.kubectl("get", "job", job, ...inTeam, "-o", "jsonpath={.metadata.uid}");
    const orders = (change: (app: Record<string, unknown>) => void) =>
      stack.editApp("orders", change);
    const second = "orders-3-2-0-migrate-2";
    let ran: string;

    it("moves no request and starts no pod where the migration fails, and says where its log is", async () => {
      const before = await serving();
      orders((app) => {
        app["migrate"] = { command: ["/app/orders", "migrate"], activeDeadlineSeconds: 5 };
        app["canary"] = { version: "3.2.0", weight: 10 };
      });
      // Nodes are simulated: a Job fails here because its pod is not scheduled before its deadline.
      const failed = await withoutRoom(stack, () => stack.pulumi("up"));
      failedWith(
        unwrapped(failed),
        /The migration of orders-3-2-0 failed: DeadlineExceeded: .* Read its log with "kubectl logs --namespace content-dev job\/orders-3-2-0-migrate"/,
      );
      assert.deepEqual(await serving(), before);
      assert.doesNotMatch(await stack.kubectl("get", "deploy", "-A", "-o", "name"), /orders-3-2-0/);
    });

    it("runs it once more in the next update, and then starts the release", async () => {
      orders((app) => {
        Object.assign(app["migrate"] as object, { activeDeadlineSeconds: 120 });
      });
      const output = await stack.must("up");
      assert.match(output, /run the migration of 3\.2\.0, once, before its first pod starts/);
      assert.deepEqual(await jobs(), [`job.batch/${second}`]);
      assert.deepEqual(await serving(), ["orders-3-1-0", "orders-3-2-0", "90 10"]);
      const times = async (kind: string, name: string, path: string) =>
        Date.parse(await stack.kubectl("get", kind, name, ...inTeam, "-o", `jsonpath={${path}}`));
      const completed = await times("job", second, ".status.completionTime");
      assert.ok(
        (await times("deploy", "orders-3-2-0", ".metadata.creationTimestamp")) >= completed,
      );
      // Its time as canary begins when it gets requests, not when the update begins.
      const { releases } = (await stack.outputs()) as {
        releases: { orders: { releases: Record<string, { canarySince: string }> } };
      };
      const { canarySince } = releases.orders.releases["3.2.0"] ?? { canarySince: "" };
      assert.ok(Date.parse(canarySince) > completed, canarySince);
      ran = await uid(second);
      await settled((...args) => stack.kubectl(...args));
      // The second update is the next test's.
      await stack.must("refresh", "--expect-no-changes");
    });

    it("does not run it again at a promotion or a rollback", async () => {
      for (const [version, weights] of [
        ["3.2.0", "100 0"],
        ["3.1.0", "100 0"],
      ] as const) {
        orders((app) => {
          app["stable"] = { version };
          delete app["canary"];
        });
        assert.doesNotMatch(await stack.must("up"), /run the migration|:Job /);
        assert.equal((await serving())[2], weights);
        assert.equal(await uid(second), ran);
      }
    });

    it("does not run it again where somebody removed the Job", async () => {
      await stack.kubectl("delete", "job", second, ...inTeam);
      assert.doesNotMatch(await stack.must("up", "--refresh"), /:Job .*created/);
      assert.deepEqual(await jobs(), []);
    });
  });
}
