import assert from "node:assert/strict";
import { startCluster, stopCluster } from "../../local/cluster";
import { readSteps } from "../../policy/steps";
import { prodConfig } from "../support/prod-stack";
import { TestStack } from "../support/project";

const name = "prod";

/** As many operations at once as the engine runs on a machine with two cores. */
const slots = ["--parallel", "8"];

/** Kinds that the control plane has objects of before the stack and after it. */
const kinds = ["namespaces", "persistentvolumes", "storageclasses", "csidrivers", "crds"];

describe("the prod stack on an empty cluster", () => {
  let stack: TestStack;
  let present: string;
  before(async () => {
    const nodes = { count: 6, zones: ["zone-a", "zone-b"] };
    stack = new TestStack(name, await startCluster({ name, nodes }));
    stack.edit((config) => {
      const { "platform:cluster": cluster } = config;
      for (const key of Object.keys(config)) delete config[key];
      Object.assign(config, prodConfig(), { "platform:cluster": cluster });
    });
    await stack.create();
    // The simulator makes it a moment after the API server is ready.
    await stack.kubectl("wait", "--for=create", "storageclass/standard", "--timeout=60s");
    present = await objects();
  });
  after(async () => {
    await stopCluster(name);
    stack?.remove();
  });

  const objects = () => stack.kubectl("get", kinds.join(","), "-o", "name");

  it("comes up at the first try, with the slots of a machine with two cores", async () => {
    assert.match(await stack.must("up", ...slots), /created/);
  });

  it("changes nothing at the second update, and has not drifted", async () => {
    await stack.must("up", ...slots, "--expect-no-changes");
    await stack.must("refresh", "--preview-only", "--expect-no-changes");
  });

  it("plans for each edit what it means, and no more, and does it", async () => {
    stack.edit(edit);
    const plan = await planned();
    // In the place of KEDA, whose pods are simulated: the canary has the pods that its share needs.
    await stack.kubectl("scale", "deploy/shop-1-5-0", "-n", "commerce-online", "--replicas=4");
    await stack.must("up", ...slots);
    await stack.must("up", ...slots, "--expect-no-changes");
    assert.deepEqual(plan, expected);
  });

  it("updates every workload in place when every image changes; Jobs, which cannot, are replaced", async () => {
    stack.edit((config) => (config["platform:images"] = { mirror: "mirror.example.com" }));
    const steps = Object.entries(await planned());
    const otherwise = steps.filter(([, ops]) => ops !== "update").map(([resource]) => resource);
    assert.deepEqual(
      otherwise.filter((resource) => !/^(Job|ConfigMap) /.test(resource)),
      [],
    );
    await stack.must("up", ...slots);
    await stack.must("up", ...slots, "--expect-no-changes");
  });

  it("leaves nothing when it is destroyed", async () => {
    await stack.must("destroy", ...slots);
    // Nexus' volume is of a class that keeps volumes; its owner deletes it by hand.
    const kept = /^persistentvolume\/pvc-\S+\n/gm;
    const left = await objects();
    assert.equal(left.match(kept)?.length, 1);
    assert.equal(left.replace(kept, ""), present);
  });

  /** What an update would do, by kind and name: the operations in their order. */
  async function planned(): Promise<Record<string, string>> {
    const { code, stdout, output } = await stack.previewed();
    assert.equal(code, 0, output);
    const found: Record<string, string> = {};
    for (const { op, type, urn } of readSteps(stdout)) {
      if (op === "same") continue;
      const resource = (urn.split("::").at(-1) ?? "").replace(/-[0-9a-f]{10}$/, "-…");
      const key = `${type.split(":").at(-1)} ${resource}`;
      found[key] = found[key] === undefined ? op : `${found[key]}, ${op}`;
    }
    return found;
  }
});

type Part = Record<string, object>;

/** Ten edits of different kinds, each of one value or one name. */
function edit(config: Record<string, unknown>): void {
  const { parts, apps } = read(config);
  const teams = parts["tenancy"]?.["teams"] as Record<string, Part>;
  const { prometheus, kubeStateMetrics } = parts["monitoring"] ?? {};
  Object.assign(apps["shop"]?.["canary"] ?? {}, { weight: 20 });
  Object.assign(apps["news"] ?? {}, { canary: { version: "2.1.0", weight: 5 } });
  Object.assign(teams["commerce"]?.["quota"] ?? {}, { cpu: "220" });
  Object.assign(prometheus ?? {}, { storage: "600Gi" });
  Object.assign(kubeStateMetrics ?? {}, {
    resources: { requests: { cpu: "300m", memory: "512Mi" }, limits: { cpu: "1", memory: "2Gi" } },
  });
  Object.assign(parts["autoscaling"]?.["metricsServer"] ?? {}, { replicas: 3 });
  Object.assign(parts["dashboard"] ?? {}, { replicas: 3 });
  Object.assign(parts["gateway"] ?? {}, { replicas: 4 });
  Object.assign(parts["artifacts"] ?? {}, { heap: "5Gi" });
  Object.assign(parts["tracing"]?.["sampling"] ?? {}, { percent: 10 });
}

function read(config: Record<string, unknown>): {
  parts: Record<string, Part>;
  apps: Record<string, Part>;
} {
  return {
    parts: config["platform:components"] as Record<string, Part>,
    apps: config["platform:apps"] as Record<string, Part>,
  };
}

/**
 * The templates of a StatefulSet cannot be changed: a larger disk of Prometheus alone replaces
 * something that is not named after its content, and nothing that depends on it, as backups do.
 */
const expected: Record<string, string> = {};
