import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { fileName, type KubernetesObject } from "../../render/objects";
import { Availability, titleOf, type Subject } from "../support/availability";
import { at } from "../support/declare";
import { describePod, isOneOf, LivePods } from "../support/live-pods";
import { kubectl, renderInto } from "../support/rendered";
import { soonScaled } from "../support/scaled";
import { workloads, type Workload } from "../support/workloads";

const name = "placement";
/** Number of nodes per zone. */
const machines = 3;
/** Timeout until the pods are stable, milliseconds. */
const timeoutMs = 240_000;
/** Milliseconds that a pod takes to become ready, and to end: long enough that a gap is visible. */
const podDelay = 2000;
/** Kinds that other kinds depend on. */
const needed = ["Namespace", "PriorityClass", "StorageClass"];
/** Kinds that neither the scheduler reads, nor a controller of pods or of Services. */
const unread = [
  ...["APIService", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"],
  ...["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
  ...["ConfigMap", "NetworkPolicy", "Secret"],
];

/**
 * Pods that can run only in the drained zone, and have no disruption budget. They prove that the test would detect a
 * gap, and a pod that cannot be scheduled.
 */
const bound = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "bound", namespace: "default" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "bound" } },
    template: {
      metadata: { labels: { app: "bound" } },
      spec: {
        containers: [{ name: "main", image: "example.com/x:1" }],
        nodeSelector: { "topology.kubernetes.io/zone": "zone-a" },
      },
    },
  },
};
const boundSubject = subject(bound, { app: "bound" });

describe("the prod stack on six nodes in two zones", () => {
  const folder = mkdtempSync(join(tmpdir(), "placement-"));
  let cluster: Cluster;
  let objects: KubernetesObject[];
  let makers: Workload[];
  /** Workloads whose pods cannot share a node, and that have more pods than a zone has nodes. */
  let crowded: Subject[];
  let availability: Availability;
  let pods: LivePods;
  before(async () => {
    await renderInto(folder, "prod");
    writeFileSync(join(folder, fileName(bound)), stringify(bound));
    objects = readdirSync(folder)
      .map((file) => parse(readFileSync(join(folder, file), "utf8")) as KubernetesObject)
      .filter(({ kind }) => !unread.includes(kind));
    makers = workloads(objects);
    crowded = makers.filter(wantsMoreMachines).map(({ object, labels }) => subject(object, labels));
    const nodes = { count: 2 * machines, zones: ["zone-a", "zone-b"] };
    cluster = await startCluster({ name, nodes, podDelay, ...soonScaled });
    pods = new LivePods(cluster, timeoutMs);
    availability = new Availability(cluster, subjects(objects));
    await availability.start();
  });
  after(async () => {
    await availability?.stop();
    await stopCluster(name);
    rmSync(folder, { recursive: true });
  });

  async function apply(some: KubernetesObject[]): Promise<void> {
    const args = some.flatMap((object) => ["-f", join(folder, fileName(object))]);
    await kubectl(cluster, "apply", "--server-side", ...args);
  }

  /** Whether an object is a definition or of a defined kind: no pod depends on it without its controller. */
  function isCustom({ apiVersion, kind }: KubernetesObject): boolean {
    const definitions = objects.filter((it) => it.kind === "CustomResourceDefinition");
    const groups = definitions.map((definition) => at(definition, "spec.group") as string);
    return kind === "CustomResourceDefinition" || groups.includes(apiVersion.split("/")[0] ?? "");
  }

  /** Simulates KEDA without metrics: each target gets its minimum of replicas. */
  async function scale(): Promise<void> {
    for (const object of objects.filter(({ kind }) => kind === "ScaledObject")) {
      const target = at(object, "spec.scaleTargetRef.name") as string;
      const least = Number(at(object, "spec.minReplicaCount"));
      const options = ["-n", object.metadata.namespace ?? "", `--replicas=${least}`];
      await kubectl(cluster, "scale", `deployment/${target}`, ...options);
    }
  }

  it("schedules every pod", async () => {
    const made = makers.map(({ object }) => object);
    const known = objects.filter((object) => !isCustom(object));
    const rest = known.filter((it) => !needed.includes(it.kind) && !made.includes(it));
    await apply(known.filter(({ kind }) => needed.includes(kind)));
    await apply(rest);
    await apply(made);
    await scale();
    assert.deepEqual(await pods.atRest(), []);
  });

  it("spreads every workload with more than one pod across nodes and zones", async () => {
    const [all, zones] = [await pods.all(), await pods.zones()];
    const several = makers
      .map(({ object, labels }) => subject(object, labels))
      .filter((it) => it.name !== "bound" && availability.ready(it) > 1)
      .filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
    assert.ok(several.length >= 8);
    for (const it of several) {
      const nodes = all.filter((pod) => isOneOf(pod, [it])).map(({ spec }) => spec?.nodeName ?? "");
      const title = `${titleOf(it)} on ${nodes.join(", ")}`;
      assert.ok(new Set(nodes).size > 1, title);
      assert.equal(new Set(nodes.map((node) => zones.get(node))).size, 2, title);
    }
  });

  it("keeps a ready pod of each workload at all times while a zone is drained", async () => {
    const guarded = availability.guard();
    assert.ok(guarded.some((title) => title.startsWith("Service commerce-online/")));
    assert.ok(guarded.includes("Deployment gateway/traefik"));
    assert.ok(guarded.includes("Deployment default/bound"));
    await pods.drain("zone-a", crowded);
    const unready = await pods.atRest([boundSubject, ...crowded]);
    assert.deepEqual(availability.outages(), ["Deployment default/bound"]);
    assert.deepEqual(unready, []);
  });

  it("runs everything in the remaining zone, except for what needs more nodes than it has", async () => {
    const left = await pods.movable("zone-a");
    const wrong = left.filter((pod) => !isOneOf(pod, crowded));
    assert.deepEqual(wrong.map(describePod), []);
  });

  it("leaves pending only the pods that have no place in that zone, as budgets allow", async () => {
    const unplaced = (await pods.all()).filter(({ status }) => status?.phase === "Pending");
    for (const pod of unplaced) {
      assert.ok(isOneOf(pod, [boundSubject, ...crowded]), describePod(pod));
      assert.match(describePod(pod), /node\(s\) (were unschedulable|didn't match)/);
    }
    const count = (it: Subject) => unplaced.filter((pod) => isOneOf(pod, [it])).length;
    assert.equal(count(boundSubject), 2);
    for (const it of crowded) assert.ok(count(it) <= 1, titleOf(it));
  });
});

/** Returns everything that must always have a pod: Services, and workloads except DaemonSets. */
function subjects(objects: KubernetesObject[]): Subject[] {
  const several = workloads(objects)
    .filter(({ object }) => ["Deployment", "StatefulSet"].includes(object.kind))
    .map(({ object, labels }) => subject(object, labels));
  const services = objects
    .filter(({ kind, ...rest }) => kind === "Service" && at(rest, "spec.selector") !== undefined)
    .map((service) => subject(service, at(service, "spec.selector") as Record<string, string>));
  return [...several, ...services];
}

function subject({ kind, metadata }: KubernetesObject, labels: Record<string, string>): Subject {
  return { kind, namespace: metadata.namespace ?? "default", name: metadata.name, labels };
}

function wantsMoreMachines({ object, pod }: Workload): boolean {
  const terms = pod.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const apart = terms.some(({ topologyKey }) => topologyKey === "kubernetes.io/hostname");
  return apart && Number(at(object, "spec.replicas")) > machines;
}
