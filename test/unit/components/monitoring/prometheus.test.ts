import assert from "node:assert/strict";
import { parse } from "yaml";
import { at, type Declared } from "../../../support/declare";
import { monitoring, pod, container, file, many } from "./declared";

const rulesOf = (declared: Declared) =>
  declared.object("ConfigMap", "prometheus-rules")["data"] as Record<string, string>;

describe("Prometheus", () => {
  it("keeps samples by time and by size", async () => {
    const declared = await monitoring({ prometheus: { retention: "10d", storage: "100Gi" } });
    const data = declared.object("ConfigMap", "prometheus-config")["data"] as Record<
      string,
      string
    >;
    const { storage } = parse(data["prometheus.yml"] ?? "") as { storage: object };
    assert.deepEqual(storage, { tsdb: { retention: { time: "864000s", size: "81920MB" } } });
  });

  it("reloads its files without a restart, and has no API to stop it", async () => {
    const declared = await monitoring();
    const { args } = container(declared, "StatefulSet", "prometheus");
    assert.ok(args.includes("--config.auto-reload"));
    // Deprecated in cmd/prometheus/main.go of v0.314.0 (lines 254 and 508); the file and the flag above replace them.
    assert.deepEqual(
      args.filter((arg) => /^--(enable-feature=auto-reload|storage\.tsdb\.retention)/.test(arg)),
      [],
    );
    assert.ok(!args.some((arg) => /enable-lifecycle|enable-admin-api/.test(arg)));
    for (const name of ["prometheus-config", "prometheus-rules"]) {
      assert.equal(declared.object("ConfigMap", name)["immutable"], undefined);
    }
    const changed = await monitoring({ objective: 0.99 });
    assert.notDeepEqual(rulesOf(changed), rulesOf(declared));
    assert.deepEqual(
      pod(changed, "StatefulSet", "prometheus"),
      pod(declared, "StatefulSet", "prometheus"),
    );
  });

  it("has the rule files that its configuration names", async () => {
    const declared = await monitoring();
    const config = parse(file(declared, "prometheus-config", "prometheus.yml")) as {
      rule_files: string[];
    };
    const files = Object.keys(rulesOf(declared)).sort();
    assert.ok(files.includes("apps.yaml") && files.includes("nodes.yaml"));
    assert.deepEqual(
      config.rule_files,
      files.map((name) => `/etc/prometheus/rules/${name}`),
    );
    const mount = container(declared, "StatefulSet", "prometheus").volumeMounts.find(
      ({ mountPath }) => mountPath === "/etc/prometheus/rules",
    );
    assert.ok(mount);
  });

  it("sends alerts to every Alertmanager, at addresses that exist", async () => {
    const declared = await monitoring(many);
    const config = parse(file(declared, "prometheus-config", "prometheus.yml")) as object;
    assert.deepEqual(at(config, "alerting.alertmanagers.0.static_configs.0.targets"), [
      "alertmanager-0.alertmanager-pods.monitoring.svc:9093",
      "alertmanager-1.alertmanager-pods.monitoring.svc:9093",
      "alertmanager-2.alertmanager-pods.monitoring.svc:9093",
    ]);
    const pods = declared.object("Service", "alertmanager-pods");
    assert.equal(at(pods, "spec.clusterIP"), "None");
    assert.equal(at(pods, "spec.publishNotReadyAddresses"), true);
    const set = declared.object("StatefulSet", "alertmanager");
    assert.equal(at(set, "spec.serviceName"), "alertmanager-pods");
    assert.equal(at(set, "spec.replicas"), 3);
  });

  it("has enough time to read its log at the start, and to stop", async () => {
    const declared = await monitoring();
    const { startupProbe } = container(declared, "StatefulSet", "prometheus");
    const { periodSeconds = 0, failureThreshold = 0 } = startupProbe;
    assert.ok(periodSeconds * failureThreshold >= 900);
    const spec = pod(declared, "StatefulSet", "prometheus");
    assert.equal(spec.terminationGracePeriodSeconds, 300);
  });

  it("may read metrics and find targets, and nothing else", async () => {
    const declared = await monitoring();
    const rules = declared.object("ClusterRole", "prometheus")["rules"] as {
      resources?: string[];
      verbs: string[];
    }[];
    assert.deepEqual([...new Set(rules.flatMap(({ verbs }) => verbs))].sort(), [
      "get",
      "list",
      "watch",
    ]);
    const resources = rules.flatMap((rule) => rule.resources ?? []);
    assert.ok(!resources.includes("secrets") && !resources.includes("configmaps"));
    for (const needed of ["nodes/metrics", "endpointslices", "pods"]) {
      assert.ok(resources.includes(needed), needed);
    }
  });

  it("mounts the client certificates that its jobs name", async () => {
    const declared = await monitoring({
      controlPlane: { etcd: { tls: { secret: "etcd-client" } } },
    });
    const { volumes } = pod(declared, "StatefulSet", "prometheus");
    const volume = volumes.find(({ secret }) => secret?.secretName === "etcd-client");
    assert.equal(volume?.secret.optional, true);
    const mount = container(declared, "StatefulSet", "prometheus").volumeMounts.find(
      ({ name }) => name === volume.name,
    );
    assert.equal(mount?.mountPath, "/etc/prometheus/certificates/etcd-client");
    const off = await monitoring({
      controlPlane: { etcd: { enabled: false, tls: { secret: "etcd-client" } } },
    });
    const others = pod(off, "StatefulSet", "prometheus").volumes;
    assert.deepEqual(
      others.map(({ name }) => name),
      ["config", "rules"],
    );
  });

  it("responds to KEDA if the platform or the cluster runs it", async () => {
    const namespaces = async (scaler?: string) => {
      const declared = await monitoring({}, { scaler });
      return JSON.stringify(at(declared.object("NetworkPolicy", "prometheus"), "spec.ingress"));
    };
    const peer = (namespace: string) => `"kubernetes.io/metadata.name":"${namespace}"`;
    const own = await namespaces();
    assert.ok(own.includes(peer("autoscaling")), own);
    const brought = await namespaces("kube-system");
    assert.ok(brought.includes(peer("kube-system")), brought);
    assert.ok(!brought.includes(peer("autoscaling")), brought);
  });
});
