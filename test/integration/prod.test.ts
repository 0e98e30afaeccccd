import assert from "node:assert/strict";
import { startCluster, stopCluster } from "../../local/cluster";
import { SimulatedKeda } from "../support/keda";
import { long } from "../support/long";
import { edits, prodConfig } from "../support/prod-stack";
import { TestStack } from "../support/project";
import { until, untilEqual } from "../support/until";

const name = "prod";

/** The engine's default number of parallel operations on two cores. */
const slots = ["--parallel", "8"];

/** Kinds with objects of the control plane itself. */
const kinds = ["namespaces", "persistentvolumes", "storageclasses", "csidrivers", "crds"];

/** ` ~ kubernetes:core/v1:Service shop-stable updated (1s)`, in the engine's format; dots of progress may precede it. */
const stepLine =
  /^(?:@ updating\.*)?\s*\S{0,2}\s+kubernetes:\S+:(\w+) (\S+) (created|updated|deleted|replaced) \(/gm;

/**
 * The lifecycle of prod as it is in git, on a real control plane. Nodes, pods, volumes and addresses of load balancers
 * are simulated, and so is KEDA.
 */
describe("the prod stack on an empty cluster", () => {
  let stack: TestStack;
  let keda: SimulatedKeda;
  let present: string;
  before(async () => {
    const nodes = { count: 6, zones: ["zone-a", "zone-b"] };
    const cluster = await startCluster({ name, nodes });
    keda = new SimulatedKeda(cluster, { name: "keda-operator", namespace: "autoscaling" });
    stack = new TestStack(name, cluster);
    stack.edit((config) => {
      const { "platform:cluster": address } = config;
      for (const key of Object.keys(config)) delete config[key];
      Object.assign(config, prodConfig(), { "platform:cluster": address });
      // No day passes here, and there is no Prometheus. The settings of one update apply to the next.
      Object.assign(config["platform:releases"] as object, { soak: "0s", checkRequired: false });
    });
    await stack.create();
    // The simulator creates it shortly after the API server is ready.
    await stack.kubectl("wait", "--for=create", "storageclass/standard", "--timeout=60s");
    present = await objects();
  });
  after(async () => {
    try {
      await keda?.stop();
    } finally {
      await stopCluster(name);
      stack?.remove();
    }
  });

  const objects = () => stack.kubectl("get", kinds.join(","), "-o", "name");

  it("is deployed at the first attempt, with as many slots as the engine has on two cores", async () => {
    assert.match(await stack.must("up", ...slots), /\d{3} created/);
  });

  // It has no other steps: nothing else changes at a second update, and nothing that is declared has drifted.
  it("changes exactly what each of ten edits means in the second update", async () => {
    const expected = edits.flatMap(({ change, steps }) => {
      stack.edit(change);
      return steps;
    });
    assert.deepEqual(await update("--refresh", "--run-program"), expected.sort());
  });

  it("releases a version while Kibana is not ready, and an earlier refresh noted that", async () => {
    const kibana = () =>
      stack.kubectl(...["get", "pods", "-n", "logging", "-o", "name", ...kibanas]);
    for (const pod of (await kibana()).trim().split("\n")) {
      await stack.kubectl("patch", pod, "-n", "logging", "--subresource=status", "-p", unready);
    }
    const ready = ["get", "deployment", "kibana", "-n", "logging", "-o", readyPods];
    await until(
      "the Deployment of Kibana has no ready pod",
      60,
      async () => (await stack.kubectl(...ready)) === "",
    );
    await stack.must("refresh", "--target", "**:apps/v1:Deployment::kibana");
    // The engine would wait 35 minutes for Kibana, longer than a test may take.
    for (const [command, version] of releases) {
      const { code, output } = await stack.release(command, "shop", "--update");
      assert.equal(code, 0, output);
      assert.match(output, /Not waited for: Deployment logging\/kibana/);
      // Progress is shown by part.
      assert.match(output, /^ {2}apps {9}.* updated$/m);
      assert.doesNotMatch(output, /urn:|updating \(/);
      assert.equal(await selected(), `shop-${version.replaceAll(".", "-")}`);
    }
  });

  // The dev stack is destroyed in every run, in `program.test.ts`.
  if (long) {
    it("updates every workload in place when every image changes; Jobs, which cannot, are replaced", async () => {
      stack.edit((config) => (config["platform:images"] = { mirror: "mirror.example.com" }));
      const steps = await update();
      const images = await stack.kubectl("get", makers, "-A", "-o", "jsonpath={..image}");
      const former = images
        .split(/\s+/)
        .filter((image) => !image.startsWith("mirror.example.com/"));
      assert.deepEqual(
        former.filter((image) => !image.startsWith("harbor.platform.example.com/")),
        [],
      );
      assert.deepEqual(
        steps.filter((step) => !/^(updated |\w+ (Job|ConfigMap) )/.test(step)),
        [],
      );
      await stack.must("preview", "--expect-no-changes");
    });

    it("leaves nothing when it is destroyed, except for the volume that its class keeps", async () => {
      await stack.must("destroy", ...slots);
      const { deployment } = await stack.state();
      assert.deepEqual(deployment.resources ?? [], []);
      // Nexus' class has `reclaimPolicy: Retain`: its owner deletes the volume manually.
      // Volumes end after their claims: their provisioner sees first that they are released.
      const volumes = () => stack.kubectl("get", "pv", "-o", keptVolumes);
      await untilEqual(60, volumes, "block-kept artifacts/data-nexus-0\n");
      const left = (await objects()).replace(/^persistentvolume\/.*\n/gm, "");
      assert.equal(left, present);
    });
  }

  /**
   * Updates the stack.
   * @param args arguments of `pulumi up`.
   * @returns the changes of all objects, sorted.
   */
  async function update(...args: string[]): Promise<string[]> {
    const output = await stack.must("up", ...slots, ...args);
    const lines = [...output.matchAll(stepLine)];
    const steps = lines.map(
      ([, kind, object = "", verb]) => `${verb} ${kind} ${withoutHash(object)}`,
    );
    // The line is repeated for each message of the plugin.
    return [...new Set(steps)].sort();
  }

  function selected(): Promise<string> {
    return stack.kubectl(
      ...["get", "service", "shop-stable", "-n", "commerce-online", "-o"],
      "jsonpath={.spec.selector.app\\.kubernetes\\.io/instance}",
    );
  }
});

/** Commands that release app `shop`, and its stable version after each. `life` rolls back in every run. */
const releases = [["promote", "1.5.0"], ...(long ? [["rollback", "1.4.2"] as const] : [])] as const;

/** Kinds that create and delete pods. */
const makers = "deployments,statefulsets,daemonsets,cronjobs";

const kibanas = ["-l", "app.kubernetes.io/name=kibana"];
const unready = JSON.stringify({ status: { conditions: [{ type: "Ready", status: "False" }] } });

/** Kubernetes leaves the number out where it is 0. */
const readyPods = "jsonpath={.status.readyReplicas}";

const keptVolumes =
  'jsonpath={range .items[*]}{.spec.storageClassName} {.spec.claimRef.namespace}/{.spec.claimRef.name}{"\\n"}{end}';

/** The hash of its content changes with every version of the program. */
function withoutHash(object: string): string {
  return object.replace(/-[0-9a-f]{10}$/, "-…");
}
