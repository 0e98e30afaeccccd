import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { AppArgs, LiveRelease } from "../../../../components/app";
import type { Release } from "../../../../components/app/release";
import type { WorkerPods } from "../../../../components/app/worker";
import { workerReleases } from "../../../../components/app/worker-releases";
import { at } from "../../../support/declare";
import { shop, template, type PodSpec } from "../../../support/shop";

function release(
  key: string,
  worker: Partial<WorkerPods>,
  fields: Record<string, unknown> = {},
): LiveRelease {
  return {
    name: `shop-${key.replaceAll(".", "-")}`,
    key,
    version: key,
    template: template({ kind: "worker", ...fields }),
    worker: { role: "stable", weight: 100, replicas: 4, precedes: false, ...worker },
  };
}

function worker(releases: LiveRelease[], args: Partial<AppArgs> = {}) {
  return shop({ kind: "worker", domain: undefined, releases, ...args });
}

async function podOf(fields: Record<string, unknown>) {
  const declared = await worker([release("1.4.2", {}, fields)]);
  const deployment = declared.object("Deployment", "shop-1-4-2");
  const pod = at(deployment, "spec.template.spec") as PodSpec;
  const [container] = pod.containers;
  assert.ok(container !== undefined);
  return { deployment, pod, container };
}

describe("a worker", () => {
  it("has a Deployment with its number of pods per release, and neither Service, route nor autoscaler", async () => {
    const declared = await worker([
      release("1.4.2", { weight: 75, replicas: 3 }),
      release("1.5.0", { role: "canary", weight: 25, replicas: 1, precedes: true }),
      release("1.3.0", { role: "retained", weight: 0, replicas: 0 }),
    ]);
    const kinds = [...new Set(declared.objects.map(({ kind }) => kind))].sort();
    assert.deepEqual(kinds, ["Deployment", "NetworkPolicy", "PodDisruptionBudget"]);
    const numbers = ["shop-1-4-2", "shop-1-5-0", "shop-1-3-0"].map((name) => {
      const deployment = declared.object("Deployment", name);
      return [at(deployment, "spec.replicas"), deployment.metadata.annotations];
    });
    const annotations = (release: string, role: string, weight: string, replicas: string) => ({
      "platform/release": release,
      "platform/role": role,
      "platform/weight": weight,
      "platform/replicas": replicas,
      "pulumi.com/patchForce": "true",
    });
    assert.deepEqual(numbers, [
      [3, annotations("1.4.2", "stable", "75", "3")],
      [1, annotations("1.5.0", "canary", "25", "1")],
      [0, annotations("1.3.0", "retained", "0", "0")],
    ]);
  });

  it("is stopped immediately, and has only its own probes", async () => {
    const { deployment, pod, container } = await podOf({ command: ["/app/shop", "work"] });
    assert.deepEqual(container.command, ["/app/shop", "work"]);
    assert.equal(pod.terminationGracePeriodSeconds, 30);
    for (const field of ["lifecycle", "ports", "readinessProbe", "livenessProbe", "startupProbe"]) {
      assert.equal(container[field as keyof typeof container], undefined, field);
    }
    assert.equal(at(deployment, "spec.minReadySeconds"), 10);
  });

  it("is probed at its port, which has another name than a port for requests", async () => {
    const probes = { readiness: { path: "/ready" }, liveness: { tcp: true } };
    const stop = ["/app/shop", "drain"];
    const { deployment, container } = await podOf({ port: 8081, probes, hooks: { stop } });
    assert.deepEqual(container.readinessProbe, { httpGet: { path: "/ready", port: 8081 } });
    assert.deepEqual(container.livenessProbe, { tcpSocket: { port: 8081 } });
    assert.deepEqual(container.ports, [{ name: "worker", containerPort: 8081 }]);
    assert.deepEqual(container.lifecycle, { preStop: { exec: { command: stop } } });
    assert.equal(at(deployment, "spec.minReadySeconds"), undefined);
  });

  it("has no nginx in front of PHP", async () => {
    const { pod } = await podOf({ preset: "php-fpm" });
    assert.deepEqual(
      pod.containers.map(({ name }) => name),
      ["shop"],
    );
    assert.deepEqual(pod.initContainers, []);
  });

  it("can be reached at most by Prometheus", async () => {
    const ingress = async (fields: Record<string, unknown>) =>
      at(
        (await worker([release("1.4.2", {}, fields)])).object("NetworkPolicy", "shop.worker"),
        "spec.ingress",
      );
    assert.deepEqual(await ingress({}), []);
    const from = [
      { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } },
    ];
    assert.deepEqual(await ingress({ metrics: { port: 9090 } }), [
      { from, ports: [{ port: 9090, protocol: "TCP" }] },
    ]);
  });

  it("needs a domain if it is not a worker", async () => {
    await assert.rejects(
      shop({ domain: undefined }),
      /App "shop": expected a domain for a web app, got none/,
    );
  });
});

describe("a worker that KEDA scales", () => {
  const queries = { queue: { query: 'max(queue{app="$app", pod=~"$release-.*"})', perPod: 10 } };
  const scaling = { min: 2, max: 9, cpu: 70, queries };
  const requestScaling = { prometheus: "http://prometheus.test:9090" };
  const declared = () =>
    worker(
      [
        release("1.4.2", { weight: 75, replicas: 6, autoscaler: "scaling" }),
        release("1.5.0", { role: "canary", weight: 25, replicas: 2, autoscaler: "paused" }),
        release("1.3.0", { role: "retained", weight: 0, replicas: 0, autoscaler: "paused" }),
      ],
      { scaling, requestScaling },
    );

  it("has a ScaledObject per release; those of all but stable are paused at their number", async () => {
    const { object } = await declared();
    const found = ["shop-1-4-2", "shop-1-5-0", "shop-1-3-0"].map((name) => {
      const { metadata, spec } = object("ScaledObject", name) as unknown as {
        metadata: { annotations?: object };
        spec: { minReplicaCount: number; maxReplicaCount: number };
      };
      return [metadata.annotations, spec.minReplicaCount, spec.maxReplicaCount];
    });
    const paused = (pods: string) => ({ "autoscaling.keda.sh/paused-replicas": pods });
    assert.deepEqual(found, [
      [undefined, 6, 9],
      [paused("2"), 2, 9],
      [paused("0"), 2, 9],
    ]);
  });

  it("is scaled by its queries, filled in for each release, and not by CPU", async () => {
    const { object } = await declared();
    const triggers = at(object("ScaledObject", "shop-1-5-0"), "spec.triggers") as {
      type: string;
      metadata: { query: string; threshold: string };
    }[];
    assert.deepEqual(
      triggers.map(({ type, metadata }) => [type, metadata.query, metadata.threshold]),
      [["prometheus", 'max(queue{app="shop", pod=~"shop-1-5-0-.*"})', "10"]],
    );
  });

  it("leaves the number of pods to KEDA, except 0, because a new Deployment would start one", async () => {
    const { object } = await declared();
    const of = (name: string) => object("Deployment", name);
    assert.deepEqual(
      ["shop-1-4-2", "shop-1-5-0", "shop-1-3-0"].map((name) => at(of(name), "spec.replicas")),
      [undefined, undefined, 0],
    );
    assert.equal(of("shop-1-4-2").metadata.annotations?.["platform/replicas"], undefined);
    assert.equal(of("shop-1-5-0").metadata.annotations?.["platform/weight"], "25");
  });
});

describe("the pods of a worker's releases", () => {
  type Args = { name: string; worker: WorkerPods };
  const of = (name: string, role: WorkerPods["role"], precedes: boolean): Args => ({
    name,
    worker: { role, precedes, weight: 0, replicas: 1 },
  });

  /** Returns what changes, in the order in which it does; each release is available a moment later. */
  async function order(releases: Args[], now = false): Promise<string[]> {
    const happened: string[] = [];
    const later = async (text: string) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      happened.push(text);
    };
    const { ready } = workerReleases({
      releases,
      now,
      after: pulumi.output(later("earlier apps")),
      declare: ({ name }, after = pulumi.output(undefined)) => {
        const id = after.apply(() => {
          happened.push(name);
          return name;
        });
        return { deployment: { id } } as unknown as Release;
      },
      waiting: {
        afterPodsAvailable: ({ deployment }) => deployment.id.apply((id) => later(`${id} works`)),
        afterScaled: ({ deployment }) => deployment.id.apply((id) => later(`${id} has its pods`)),
      },
    });
    await new Promise<void>((resolve) => void ready.apply(() => resolve()));
    return happened;
  }

  const without = (texts: string[], what: RegExp) => texts.filter((text) => !what.test(text));

  before(() =>
    pulumi.runtime.setMocks({ call: () => ({}), newResource: () => ({ id: "", state: {} }) }),
  );

  it("increase before others decrease, stable before the canary, and after the apps of earlier waves", async () => {
    const releases = [
      of("canary", "canary", true),
      of("former", "retained", false),
      of("stable", "stable", true),
    ];
    assert.deepEqual(without(await order(releases), /has its pods/), [
      "earlier apps",
      ...["stable", "stable works", "canary", "canary works", "former"],
    ]);
  });

  it("decrease in order: the canary, stable, and those that keep none", async () => {
    const former = of("former", "retained", false);
    former.worker.replicas = 0;
    const releases = [former, of("stable", "stable", false), of("canary", "canary", false)];
    const happened = await order(releases);
    assert.deepEqual(happened.slice(0, 5), [
      "earlier apps",
      ...["canary", "canary has its pods", "stable", "stable has its pods"],
    ]);
    assert.equal(happened[5], "former");
  });

  it("decrease immediately if nothing is waited for", async () => {
    const releases = [of("stable", "stable", true), of("former", "retained", false)];
    const happened = await order(releases, true);
    assert.deepEqual(happened.slice(0, 1), ["earlier apps"]);
    assert.ok(happened.indexOf("former") < happened.indexOf("stable works"), String(happened));
  });
});
