import assert from "node:assert/strict";
import { at, type Declared } from "../../../support/declare";
import type { PodSpec } from "../../../support/workloads";
import { monitoring, container, many } from "./declared";

describe("Monitoring", () => {
  it("lets only node-exporter use its node", async () => {
    const declared = await monitoring();
    const level = (name: string) =>
      declared.object("Namespace", name).metadata.labels?.["pod-security.kubernetes.io/enforce"];
    assert.equal(level("monitoring"), "restricted");
    assert.equal(level("monitoring-nodes"), "privileged");
    const inNodes = declared.objects.filter(
      ({ metadata }) => metadata.namespace === "monitoring-nodes",
    );
    assert.deepEqual(
      inNodes.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ["DaemonSet node-exporter", "NetworkPolicy default-deny"],
    );
  });

  it("has budgets only for workloads with several pods", async () => {
    assert.deepEqual((await monitoring()).names("PodDisruptionBudget"), []);
    assert.deepEqual((await monitoring(many)).names("PodDisruptionBudget"), [
      "alertmanager",
      "prometheus",
    ]);
  });

  it("runs where the platform runs, and node-exporter everywhere", async () => {
    const nodeGroup = { name: "infra", labels: { group: "infra" }, exclusive: false };
    const classes = { platform: "p", apps: "a" };
    const declared = await monitoring({}, { context: { placement: { classes, nodeGroup } } });
    for (const object of declared.objects) {
      const spec = at(object, "spec.template.spec") as PodSpec | undefined;
      if (spec === undefined) continue;
      assert.equal(spec.priorityClassName, "p", object.metadata.name);
      assert.deepEqual(
        spec.nodeSelector,
        object.kind === "DaemonSet" ? { "kubernetes.io/os": "linux" } : nodeGroup.labels,
      );
    }
  });

  it("requests volumes of the config's class, or of the cluster's default class", async () => {
    const claims = (declared: Declared) => [
      at(declared.object("PersistentVolumeClaim", "grafana"), "spec"),
      ...["prometheus", "alertmanager"].map((name) =>
        at(declared.object("StatefulSet", name), "spec.volumeClaimTemplates.0.spec"),
      ),
    ];
    for (const spec of claims(await monitoring({ storageClass: "block" }))) {
      assert.equal(at(spec as object, "storageClassName"), "block");
      assert.deepEqual(at(spec as object, "accessModes"), ["ReadWriteOnce"]);
    }
    for (const spec of claims(await monitoring())) {
      assert.equal(at(spec as object, "storageClassName"), undefined);
    }
  });

  it("serves the pages that have a host, by default all", async () => {
    const declared = await monitoring();
    const hosts = (from: Declared) =>
      from.names("HTTPRoute").map((name) => at(from.object("HTTPRoute", name), "spec.hostnames.0"));
    assert.deepEqual(hosts(declared), [
      "alertmanager.platform.test",
      "grafana.platform.test",
      "prometheus.platform.test",
    ]);
    const closed = { grafana: "g.example.com", prometheus: false, alertmanager: false } as const;
    const fewer = await monitoring({ pages: closed });
    assert.deepEqual(hosts(fewer), ["g.example.com"]);
    const args = container(fewer, "StatefulSet", "prometheus").args.join(" ");
    assert.doesNotMatch(args, /external-url/);
  });

  it("links to its pages as the gateway serves them", async () => {
    const declared = await monitoring({}, { scheme: "https" });
    const flag = "--web.external-url=https://prometheus.platform.test/";
    assert.ok(container(declared, "StatefulSet", "prometheus").args.includes(flag));
    const env = container(declared, "Deployment", "grafana").env;
    const value = (name: string) => env.find((variable) => variable.name === name)?.value;
    assert.equal(value("GF_SERVER_ROOT_URL"), "https://grafana.platform.test/");
    assert.equal(value("GF_SECURITY_COOKIE_SECURE"), "true");
  });

  it("offers every pod's metrics by annotation", async () => {
    const declared = await monitoring();
    const ports: Record<string, unknown> = {};
    for (const object of declared.objects) {
      const annotations = at(object, "spec.template.metadata.annotations") as
        Record<string, string> | undefined;
      if (annotations === undefined) continue;
      assert.equal(annotations["prometheus.io/scrape"], "true");
      ports[object.metadata.name] = annotations["prometheus.io/port"];
    }
    assert.deepEqual(ports, {
      alertmanager: "9093",
      grafana: "3000",
      "kube-state-metrics": "8080",
      "node-exporter": "9100",
      prometheus: "9090",
    });
  });
});
