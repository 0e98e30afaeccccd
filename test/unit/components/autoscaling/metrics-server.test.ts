import assert from "node:assert/strict";
import { at } from "../../../support/declare";
import { metricsServer, autoscaling, containerOf, rulesOf } from "./declared";

describe("Autoscaling: metrics-server", () => {
  it("answers for metrics.k8s.io through its own Service and port", async () => {
    const declared = await autoscaling({ metricsServer });
    const service = at(declared.object("APIService", "v1beta1.metrics.k8s.io"), "spec.service");
    assert.deepEqual(service, { name: "metrics-server", namespace: "autoscaling", port: 443 });
    const [port] = at(declared.object("Service", "metrics-server"), "spec.ports") as {
      targetPort: string;
    }[];
    const { args, ports } = containerOf(declared, "metrics-server");
    const target = ports.find(({ name }) => name === port?.targetPort);
    assert.ok(args.includes(`--secure-port=${target?.containerPort}`));
  });

  it("verifies the nodes' certificates by default", async () => {
    const insecure = async (kubeletInsecureTls: boolean) => {
      const declared = await autoscaling({ metricsServer: { replicas: 1, kubeletInsecureTls } });
      return containerOf(declared, "metrics-server").args.includes("--kubelet-insecure-tls");
    };
    assert.equal(await insecure(false), false);
    assert.equal(await insecure(true), true);
  });

  it("never has two pods on one node, and has a budget, with two replicas", async () => {
    const declared = await autoscaling({ metricsServer });
    const deployment = declared.object("Deployment", "metrics-server");
    const affinity = at(deployment, "spec.template.spec.affinity.podAntiAffinity") as object;
    assert.deepEqual(Object.keys(affinity), ["requiredDuringSchedulingIgnoredDuringExecution"]);
    assert.deepEqual(at(deployment, "spec.strategy.rollingUpdate"), {
      maxUnavailable: 1,
      maxSurge: 0,
    });
    assert.deepEqual(declared.names("PodDisruptionBudget"), ["metrics-server"]);
  });

  it("can be drained, and is replaced before it is deleted, if it has a single pod", async () => {
    const declared = await autoscaling({ metricsServer: { ...metricsServer, replicas: 1 } });
    assert.deepEqual(declared.names("PodDisruptionBudget"), []);
    const deployment = declared.object("Deployment", "metrics-server");
    assert.deepEqual(at(deployment, "spec.strategy.rollingUpdate"), {
      maxUnavailable: 0,
      maxSurge: 1,
    });
  });

  it("has the rights to read nodes' metrics and review tokens, and no more", async () => {
    const declared = await autoscaling({ metricsServer });
    assert.deepEqual(rulesOf(declared, "metrics-server"), [
      { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      { apiGroups: [""], resources: ["nodes", "pods"], verbs: ["get", "list", "watch"] },
    ]);
    assert.equal(
      at(
        declared.object("ClusterRoleBinding", "metrics-server-system-auth-delegator"),
        "roleRef.name",
      ),
      "system:auth-delegator",
    );
    const reader = declared.object("RoleBinding", "metrics-server-auth-reader");
    assert.equal(reader.metadata.namespace, "kube-system");
  });

  it("shows resource usage of pods to everybody who can view them", async () => {
    const role = (await autoscaling({ metricsServer })).object(
      "ClusterRole",
      "platform-metrics-reader",
    );
    for (const to of ["view", "edit", "admin"]) {
      assert.equal(role.metadata.labels?.[`rbac.authorization.k8s.io/aggregate-to-${to}`], "true");
    }
  });

  it("declares nothing of KEDA", async () => {
    const declared = await autoscaling({ metricsServer });
    assert.deepEqual(declared.names("Deployment"), ["metrics-server"]);
    assert.deepEqual(declared.names("APIService"), ["v1beta1.metrics.k8s.io"]);
  });
});
