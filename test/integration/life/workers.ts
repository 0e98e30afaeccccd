import assert from "node:assert/strict";
import { ObjectWatcher, type SeenWrite } from "../../support/object-watcher";
import type { TestStack } from "../../support/project";
import { failedWith } from "../../support/results";
import { untilEqual } from "../../support/until";

/** The fields of a Deployment that matter here. */
interface Deployment {
  metadata: { name: string; annotations?: Record<string, string> };
  spec?: { replicas?: number };
  status?: { availableReplicas?: number };
}

interface App {
  team: string;
  stable: object;
  canary?: object;
  scaling: object;
}

/** Declares the tests of the releases of `mailer`, the worker of the stack. */
export function sharesPods(current: () => TestStack): void {
  describe("where a worker has no requests", () => {
    let stack: TestStack;
    before(() => (stack = current()));
    const inTeam = ["-n", "commerce-dev"];
    const selector = ["-l", "app.kubernetes.io/name=mailer"];
    const mailer = (change: (app: App) => void) =>
      stack.edit((config) => change((config["platform:apps"] as { mailer: App }).mailer));

    /** Role, pods asked for and pods available of each release, by name. */
    type Releases = Record<string, [role: string | undefined, asked: number, available: number]>;
    const releases = async (namespace = "commerce-dev"): Promise<Releases> => {
      const place = ["-n", namespace, ...selector];
      const list = await stack.kubectl("get", "deploy", ...place, "-o", "json");
      const { items } = JSON.parse(list) as { items: Deployment[] };
      return Object.fromEntries(
        items.map(({ metadata: { name, annotations = {} }, spec, status }) => [
          name,
          [annotations["platform/role"], spec?.replicas ?? 0, status?.availableReplicas ?? 0],
        ]),
      );
    };
    /** Waits until the releases are like that: an update does not wait for the last pods that end. */
    const become = (expected: Releases, namespace?: string) =>
      untilEqual(60, () => releases(namespace), expected);
    const canary = { version: "1.5.0", weight: 25 };

    it("gives its canary a share of the pods, and has no Service, route or autoscaler", async () => {
      assert.deepEqual(await releases(), {
        "mailer-1-4-2": ["stable", 3, 3],
        "mailer-1-5-0": ["canary", 1, 1],
      });
      const kinds = "service,httproute,hpa,endpointslice";
      assert.equal(await stack.kubectl("get", kinds, ...inTeam, ...selector, "-o", "name"), "");
    });

    it("moves pods with the weight, and changes nothing a second time", async () => {
      mailer((app) => (app.canary = { ...canary, weight: 50 }));
      assert.match(await stack.must("up"), /2 updated/);
      await become({
        "mailer-1-4-2": ["stable", 2, 2],
        "mailer-1-5-0": ["canary", 2, 2],
      });
      await stack.must("up", "--expect-no-changes");
    });

    it("keeps the former release's pods where those of the promoted one do not start", async () => {
      const nodes = await stack.kubectl("get", "nodes", "-o", "jsonpath={.items[*].metadata.name}");
      await stack.kubectl("cordon", ...nodes.split(" "));
      mailer((app) => {
        Object.assign(app, { stable: { version: "1.5.0" }, progressDeadlineSeconds: 30 });
        delete app.canary;
      });
      const failed = await stack.pulumi("up");
      await stack.kubectl("uncordon", ...nodes.split(" "));
      failedWith(failed, /Deployment commerce-dev\/mailer-1-5-0 (failed|was not ready within)/);
      assert.deepEqual((await releases())["mailer-1-4-2"], ["stable", 2, 2]);
    });

    it("promotes, and rolls back to the kept release, which has no pods until then", async () => {
      await stack.must("up");
      await become({
        "mailer-1-4-2": ["retained", 0, 0],
        "mailer-1-5-0": ["stable", 4, 4],
      });
      mailer((app) => (app.stable = { version: "1.4.2" }));
      assert.match(await stack.must("up"), /roll back to 1\.4\.2 from 1\.5\.0/);
      await become({
        "mailer-1-4-2": ["stable", 4, 4],
        "mailer-1-5-0": ["retained", 0, 0],
      });
      await stack.must("refresh", "--expect-no-changes");
    });

    it("says that somebody scaled it", async () => {
      await stack.kubectl("scale", "deploy", "mailer-1-4-2", ...inTeam, "--replicas=1");
      const { output } = await stack.release("status", "mailer");
      assert.match(output, /Deployment mailer-1-4-2 asks for 1 pods, not 4/);
      await stack.must("refresh");
      await stack.must("up");
      assert.deepEqual((await releases())["mailer-1-4-2"], ["stable", 4, 4]);
    });

    it("moves to another namespace, and all of its pods work there before any stops here", async () => {
      const [here, there] = ["commerce-dev", "content-dev"] as const;
      mailer((app) => (app.team = "content"));
      const deployments = (namespace: string) =>
        `/apis/apps/v1/namespaces/${namespace}/deployments`;
      const watcher = new ObjectWatcher(stack.cluster, {
        [here]: deployments(here),
        [there]: deployments(there),
      });
      await watcher.start();
      const { code, output } = await stack.pulumi("up").finally(() => watcher.stop());
      assert.equal(code, 0, output);
      assert.deepEqual(watcher.broken, []);
      assert.match(
        output.replace(/\s+/g, " "),
        /mailer: move from namespace commerce-dev to content-dev: .* which work beside the former ones at first/,
      );
      assert.doesNotMatch(output, /mailer: .*(no longer answers|requests)/);
      const working = pods(watcher.writes(), here, there);
      const few = working.filter(([former, next]) => Math.max(former, next) < 4);
      assert.deepEqual(few, []);
      assert.ok(
        working.some(([former, next]) => former === 4 && next === 4),
        JSON.stringify(working),
      );
      await become({}, here);
      const moved: Releases = {
        "mailer-1-4-2": ["stable", 4, 4],
        "mailer-1-5-0": ["retained", 0, 0],
      };
      await become(moved, there);
      await stack.must("up", "--expect-no-changes");
    });
  });
}

/** Returns the pods of mailer 1.4.2 that work in each of two namespaces, after every write, once both were read. */
function pods<Namespace extends string>(
  writes: readonly SeenWrite<Namespace>[],
  here: Namespace,
  there: Namespace,
): [here: number, there: number][] {
  const available = { [here]: 0, [there]: 0 } as Record<Namespace, number>;
  let isKnown = false;
  return writes.flatMap(({ kind, type, object }) => {
    if (object.metadata.name !== "mailer-1-4-2") return [];
    // Of one that is being deleted, the pods end.
    const isGone = type === "DELETED" || object.metadata.deletionTimestamp !== undefined;
    available[kind] = isGone ? 0 : (object.status?.availableReplicas ?? 0);
    isKnown ||= kind === here;
    return isKnown ? [[available[here], available[there]]] : [];
  });
}
