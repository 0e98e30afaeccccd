import assert from "node:assert/strict";
import { at } from "../../../support/declare";
import { podOf, shop, template } from "../../../support/shop";

describe("an app's entrances, nodes and scaling (R17)", () => {
  it("host aliases: lines of /etc/hosts", async () => {
    const { pod } = await podOf({ hostAliases: { "10.1.2.3": ["db.old.example.com"] } });
    assert.deepEqual(pod.hostAliases, [{ ip: "10.1.2.3", hostnames: ["db.old.example.com"] }]);
  });

  it("draining: the pod continues to serve for 10 s, and then has its own time", async () => {
    const { pod, container } = await podOf({ drainSeconds: 60 });
    assert.deepEqual(container.lifecycle, { preStop: { sleep: { seconds: 10 } } });
    assert.equal(pod.terminationGracePeriodSeconds, 70);
  });

  it("deletion: the update waits for as long as a pod may take to end", async () => {
    const timeouts = async (drainSeconds: number) => {
      const { registrations } = await shop({
        releases: [
          {
            name: "shop-1-4-2",
            key: "1.4.2",
            version: "1.4.2",
            template: template({ drainSeconds }),
          },
        ],
      });
      const type = "kubernetes:apps/v1:Deployment";
      return registrations.find((each) => each.type === type)?.timeouts;
    };
    assert.deepEqual(await timeouts(30), { create: "330s", update: "330s", delete: "600s" });
    assert.equal((await timeouts(3600))?.delete, "3670s");
  });

  it("start: the update waits for as long as the startup probe allows a pod to start", async () => {
    const waitFor = async (
      fields: Record<string, unknown>,
      progressDeadlineSeconds?: number,
    ): Promise<[unknown, string | undefined]> => {
      const release = { name: "shop-1-4-2", key: "1.4.2", version: "1.4.2" };
      const releases = [{ ...release, template: template(fields) }];
      const declared = await shop({ releases, progressDeadlineSeconds });
      const deployment = declared.object("Deployment", "shop-1-4-2");
      const type = "kubernetes:apps/v1:Deployment";
      const registration = declared.registrations.find((each) => each.type === type);
      return [at(deployment, "spec.progressDeadlineSeconds"), registration?.timeouts.create];
    };
    const startup = (timing: object) => ({ probes: { startup: { path: "/", ...timing } } });
    assert.deepEqual(await waitFor({}), [300, "330s"]);
    assert.deepEqual(await waitFor({ preset: "java-tomcat" }), [360, "390s"]);
    assert.deepEqual(await waitFor(startup({ failureThreshold: 60 })), [660, "690s"]);
    assert.deepEqual(await waitFor(startup({ periodSeconds: 100 })), [360, "390s"]);
    const hours = startup({ failureThreshold: 300, periodSeconds: 60 });
    assert.deepEqual(await waitFor(hours), [3600, "3630s"]);
    assert.deepEqual(await waitFor(startup({ failureThreshold: 60 }), 120), [120, "150s"]);
    assert.deepEqual(await waitFor({ kind: "worker", preset: "java-tomcat" }), [300, "330s"]);
  });

  it("metrics: annotations for Prometheus, on the app's port unless another is configured", async () => {
    const annotations = async (fields: Record<string, unknown>) => {
      const releases = [
        { name: "shop-1-4-2", key: "1.4.2", version: "1.4.2", template: template(fields) },
      ];
      const deployment = (await shop({ releases })).object("Deployment", "shop-1-4-2");
      return at(deployment, "spec.template.metadata.annotations");
    };
    assert.equal(await annotations({}), undefined);
    const scrape = { "prometheus.io/scrape": "true", "prometheus.io/path": "/metrics" };
    assert.deepEqual(await annotations({ port: 9000, metrics: {} }), {
      ...scrape,
      "prometheus.io/port": "9000",
    });
    assert.deepEqual(await annotations({ metrics: { port: 9100, path: "/stats" } }), {
      ...scrape,
      "prometheus.io/port": "9100",
      "prometheus.io/path": "/stats",
    });
  });

  it("node group: a selector, and a toleration when the group is exclusive (R7)", async () => {
    const labels = { hardware: "fast" };
    const group = (exclusive: boolean) => ({ fast: { name: "fast", labels, exclusive } });
    const shared = await podOf({ nodeGroup: "fast" }, { nodeGroups: group(false) });
    assert.deepEqual([shared.pod.nodeSelector, shared.pod.tolerations], [labels, undefined]);
    const { pod } = await podOf({ nodeGroup: "fast" }, { nodeGroups: group(true) });
    assert.deepEqual(pod.tolerations, [
      { key: "platform/exclusive", value: "fast", effect: "NoSchedule", operator: "Equal" },
    ]);
    await assert.rejects(
      podOf({ nodeGroup: "gone" }),
      /platform:nodeGroups: expected the group "gone", which a live release uses, got none\./,
    );
  });

  it("spread: across nodes and zones", async () => {
    const { pod } = await podOf({});
    assert.ok(at(pod.affinity, "podAntiAffinity"));
    assert.deepEqual(
      pod.topologySpreadConstraints.map(({ topologyKey }) => topologyKey),
      ["topology.kubernetes.io/zone"],
    );
  });

  it("external services: an alias of a host, or addresses behind a Service", async () => {
    const declared = await shop({
      externalServices: {
        mysql: { host: "mysql.example.com" },
        redis: { addresses: ["10.1.2.3", "10.1.2.4"], port: 6379 },
      },
    });
    assert.equal(
      at(declared.object("Service", "shop-mysql"), "spec.externalName"),
      "mysql.example.com",
    );
    const slice = declared.object("EndpointSlice", "shop-redis");
    assert.equal(slice.metadata.labels?.["kubernetes.io/service-name"], "shop-redis");
    assert.deepEqual(slice["endpoints"], [
      { addresses: ["10.1.2.3"] },
      { addresses: ["10.1.2.4"] },
    ]);
    assert.equal(at(declared.object("Service", "shop-redis"), "spec.selector"), undefined);
  });

  it("autoscaling: CPU always, memory if configured; minimum and maximum (R5)", async () => {
    const metrics = async (memory?: number) => {
      const scaling = { min: 3, max: 9, cpu: 60, memory };
      const hpa = (await shop({ scaling })).object("HorizontalPodAutoscaler", "shop-1-4-2");
      assert.deepEqual([at(hpa, "spec.minReplicas"), at(hpa, "spec.maxReplicas")], [3, 9]);
      return (at(hpa, "spec.metrics") as { resource: { name: string } }[]).map(
        ({ resource }) => resource.name,
      );
    };
    assert.deepEqual(await metrics(), ["cpu"]);
    assert.deepEqual(await metrics(80), ["cpu", "memory"]);
  });

  it("disruption budget: per release, as configured, and not for pods that are not ready", async () => {
    const declared = await shop({ maxUnavailable: 1 });
    const { selector, ...budget } = at(
      declared.object("PodDisruptionBudget", "shop-1-4-2"),
      "spec",
    ) as Record<string, unknown>;
    assert.deepEqual(budget, { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" });
    assert.ok(selector);
  });

  it("node port: the stable release on a fixed port (R4)", async () => {
    const service = (await shop({ nodePort: 32007 })).object("Service", "shop-nodeport");
    assert.deepEqual(
      [
        at(service, "spec.type"),
        (at(service, "spec.ports") as { nodePort: number }[])[0]?.nodePort,
      ],
      ["NodePort", 32007],
    );
    assert.equal(
      at(service, "spec.selector")?.["app.kubernetes.io/instance" as never],
      "shop-1-4-2",
    );
    assert.deepEqual((await shop({})).names("Service"), ["shop-canary", "shop-stable"]);
  });
});
