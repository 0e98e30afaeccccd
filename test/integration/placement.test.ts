import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { parse, stringify } from "yaml";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { fileName, type KubernetesObject } from "../../render/objects";
import { Availability, hasLabels, titleOf, type Subject } from "../support/availability";
import { at } from "../support/declare";
import { kubectl, renderInto } from "../support/rendered";
import { workloads } from "../support/workloads";

const name = "placement";
const zone = "topology.kubernetes.io/zone";
/** Longest wait for the pods to come to rest, milliseconds. */
const patience = 240_000;
/** Kinds that objects of other kinds need. */
const needed = ["Namespace", "CustomResourceDefinition", "PriorityClass", "StorageClass"];
/** How long a pod takes to be ready, and to end, milliseconds: long enough for a gap to show. */
const podDelay = 2000;

/** Pods that can run nowhere but in the zone that is drained, without a disruption budget: they show that a gap would be seen. */
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
        nodeSelector: { [zone]: "zone-a" },
      },
    },
  },
};

describe("the prod stack on six machines in two zones", () => {
  const folder = mkdtempSync(join(tmpdir(), "placement-"));
  let cluster: Cluster;
  let objects: KubernetesObject[];
  let availability: Availability;
  before(async () => {
    await renderInto(folder, "prod");
    writeFileSync(join(folder, fileName(bound)), stringify(bound));
    objects = readdirSync(folder).map(
      (file) => parse(readFileSync(join(folder, file), "utf8")) as KubernetesObject,
    );
    cluster = await startCluster({
      name,
      nodes: { count: 6, zones: ["zone-a", "zone-b"] },
      podDelay,
    });
    availability = new Availability(cluster, subjects(objects));
    await availability.start();
  });
  after(async () => {
    await stopCluster(name);
    rmSync(folder, { recursive: true });
    await availability.stop();
  });

  const get = async <T>(...args: string[]): Promise<T[]> =>
    (JSON.parse(await kubectl(cluster, "get", ...args, "-o", "json")) as { items: T[] }).items;

  async function apply(some: KubernetesObject[]): Promise<void> {
    const args = some.flatMap((object) => ["-f", join(folder, fileName(object))]);
    await kubectl(cluster, "apply", "--server-side", ...args);
  }

  /** Waits until nothing but what may be is unready, and tells what is when the time is over. */
  async function atRest(allowed = /^$/): Promise<string[]> {
    const end = Date.now() + patience;
    for (;;) {
      const all = [...(await unreadyPods()), ...(await unfinished())];
      const unready = all.filter((line) => !allowed.test(line));
      if (unready.length === 0 || Date.now() > end) return unready;
      await sleep(1000);
    }
  }

  async function unreadyPods(): Promise<string[]> {
    return (await get<V1Pod>("pods", "-A"))
      .filter(({ status }) => status?.phase !== "Succeeded")
      .filter(
        ({ status }) =>
          !status?.conditions?.some((entry) => entry.type === "Ready" && entry.status === "True"),
      )
      .map((pod) => `${pod.metadata?.namespace}/${pod.metadata?.name}: ${reason(pod)}`);
  }

  /** Workloads that do not have the pods that they want, and autoscalers below their least. */
  async function unfinished(): Promise<string[]> {
    const all = await get<KubernetesObject>("deployments,statefulsets,daemonsets,hpa", "-A");
    return all.filter((object) => !isFinished(object)).map(titleOfObject);
  }

  const nodesOf = async (): Promise<Map<string, string>> =>
    new Map(
      (await get<V1Node>("nodes")).map(({ metadata }) => [
        metadata?.name ?? "",
        metadata?.labels?.[zone] ?? "",
      ]),
    );

  it("finds a place for everything", async () => {
    const makers = workloads(objects).map(({ object }) => object);
    await apply(objects.filter(({ kind }) => needed.includes(kind)));
    await kubectl(cluster, "wait", "--for=condition=Established", "crd", "--all");
    await apply(
      objects.filter((object) => !needed.includes(object.kind) && !makers.includes(object)),
    );
    await apply(makers);
    assert.deepEqual(await atRest(), []);
  });

  it("has whatever has more than one pod on more than one machine, and in both zones", async () => {
    const [pods, zones] = [await get<V1Pod>("pods", "-A"), await nodesOf()];
    const several = subjects(objects)
      .filter((subject) => subject.kind !== "Service" && availability.ready(subject) > 1)
      .filter((subject) => subject.name !== "bound");
    assert.ok(several.length >= 8);
    for (const { kind, namespace, name, labels } of several) {
      const nodes = pods
        .filter(({ metadata }) => metadata?.namespace === namespace)
        .filter((pod) => hasLabels(pod, labels))
        .map(({ spec }) => spec?.nodeName ?? "");
      const title = `${kind} ${namespace}/${name} on ${nodes.join(", ")}`;
      assert.ok(new Set(nodes).size > 1, title);
      assert.equal(new Set(nodes.map((node) => zones.get(node))).size, 2, title);
    }
  });

  it("keeps a ready pod of each at every moment while a zone is drained", async () => {
    const guarded = availability.guard();
    assert.ok(guarded.some((title) => title.startsWith("Service commerce-online/")));
    assert.ok(guarded.includes("Deployment gateway/traefik"));
    assert.ok(guarded.includes("Deployment default/bound"));
    // It asks the eviction API, which disruption budgets answer, again and again until it is allowed.
    const options = ["--ignore-daemonsets", "--delete-emptydir-data", "--timeout=300s"];
    await kubectl(cluster, "drain", "--selector", `${zone}=zone-a`, ...options);
    const unready = await atRest(/ ?default\/bound/);
    assert.deepEqual(availability.outages(), ["Deployment default/bound"]);
    assert.deepEqual(unready, []);
    const unplaced = await unreadyPods();
    assert.equal(unplaced.length, 2);
    for (const line of unplaced)
      assert.match(line, /^default\/bound-.*node\(s\) were unschedulable/);
  });

  it("has everything but what runs on every machine in the zone that is left", async () => {
    const zones = await nodesOf();
    const left = (await get<V1Pod>("pods", "-A"))
      .filter(({ spec }) => zones.get(spec?.nodeName ?? "") === "zone-a")
      .filter(({ metadata }) => metadata?.ownerReferences?.[0]?.kind !== "DaemonSet");
    assert.deepEqual(
      left.map(({ metadata }) => metadata?.name),
      [],
    );
  });
});

/** Whatever must not be without a pod: workloads that are not on every machine, and Services. */
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

function titleOfObject({ kind, metadata }: KubernetesObject): string {
  const { name, namespace = "" } = metadata;
  return titleOf({ kind, name, namespace, labels: {} });
}

function reason({ status }: V1Pod): string {
  const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
  return scheduled?.status === "False" ? (scheduled.message ?? "") : (status?.phase ?? "");
}

function isFinished(object: KubernetesObject): boolean {
  const number = (path: string, fallback = 0) => Number(at(object, path) ?? fallback);
  const observed = number("status.observedGeneration") >= number("metadata.generation");
  switch (object.kind) {
    case "HorizontalPodAutoscaler":
      return number("status.currentReplicas") >= number("spec.minReplicas", 1);
    case "DaemonSet":
      return observed && number("status.numberReady") === number("status.desiredNumberScheduled");
    default:
      return observed && number("status.readyReplicas") === number("spec.replicas", 1);
  }
}
