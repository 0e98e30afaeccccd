import assert from "node:assert/strict";
import type * as k8s from "@pulumi/kubernetes";
import { monitoringPrometheus } from "../../../../config";
import { at } from "../../../support/declare";
import { configMap, jenkins } from "./declared";

describe("agents of Jenkins", () => {
  it("download packages from the stack's repositories if they may answer", async () => {
    const login = { username: "ci", password: "secret" };
    const packages = { url: "http://nexus.platform.test", repositories: {}, login };
    const names = async (artifacts?: object) =>
      (await jenkins({}, { artifacts })).names("Secret").includes("build-packages");
    assert.equal(await names({ packages }), true);
    assert.equal(await names({}), false);
    assert.equal(await names(), false);
  });

  it("run in base images of their own registry, or of that of the apps' images", async () => {
    const used = async (baseImages?: { registry?: string }) =>
      JSON.stringify(configMap(await jenkins({}, { baseImages }), "jenkins-settings"));
    assert.match(await used({ registry: "own.test:5000" }), /own\.test:5000\/template\//);
    assert.match(await used({}), /harbor\.test\/template\//);
    assert.doesNotMatch(await used(), /\/template\//);
  });

  it("gives agents the login of the registry if the stack has one", async () => {
    assert.ok(!(await jenkins()).names("Secret").includes("registry-push"));
    const login = { username: "robot$ci", password: "secret" };
    const declared = await jenkins({}, { registry: { address: "harbor.test", ci: login } });
    const push = declared.object("Secret", "registry-push");
    assert.equal(push.metadata.namespace, "ci-agents");
    assert.equal(push["type"], "kubernetes.io/dockerconfigjson");
    const content = at(push, "stringData") as Record<string, string>;
    const { auths } = JSON.parse(content[".dockerconfigjson"] ?? "") as { auths: object };
    assert.deepEqual(auths, {
      "harbor.test": { ...login, auth: Buffer.from("robot$ci:secret").toString("base64") },
    });
  });

  it("may create agents in their namespace, and nothing anywhere else", async () => {
    const { objects, object } = await jenkins();
    assert.deepEqual(
      objects.filter(({ kind }) => kind.startsWith("Cluster")),
      [],
    );
    assert.deepEqual(at(object("RoleBinding", "jenkins-agents"), "subjects"), [
      { kind: "ServiceAccount", name: "jenkins", namespace: "ci" },
    ]);
    const rules = at(object("Role", "jenkins-agents"), "rules") as { resources: string[] }[];
    assert.deepEqual(
      rules.flatMap(({ resources }) => resources),
      ["pods", "pods/exec", "pods/log", "events"],
    );
  });

  it("limits all agents together", async () => {
    const { object } = await jenkins({ agents: { quota: { cpu: "3", memory: "5Gi", pods: 4 } } });
    assert.deepEqual(at(object("ResourceQuota", "jenkins-agents"), "spec.hard"), {
      "requests.cpu": "3",
      "requests.memory": "5Gi",
      pods: "4",
    });
    const levels = ["ci", "ci-agents", "ci-images"].map(
      (name) => at(object("Namespace", name), "metadata.labels") as Record<string, string>,
    );
    assert.deepEqual(
      levels.map((labels) => labels["pod-security.kubernetes.io/enforce"]),
      ["restricted", "restricted", "privileged"],
    );
  });

  it("lets Jenkins and its agents connect to the repository on its own port", async () => {
    const ports = async (ci: object, policy: string) => {
      const rules = at(
        (await jenkins({ ...ci })).object("NetworkPolicy", policy),
        "spec.egress",
      ) as k8s.types.output.networking.v1.NetworkPolicyEgressRule[];
      return rules
        .filter(({ to }) => (to ?? []).some(({ ipBlock }) => ipBlock?.cidr === "0.0.0.0/0"))
        .flatMap(({ ports: all }) => all.map(({ port }) => port));
    };
    const repository = { url: "https://git.test:8443/gitlab/ops/platform.git" };
    assert.deepEqual(await ports({}, "jenkins-agents"), [22, 80, 443, 6443, 30_000]);
    assert.deepEqual(
      await ports({ repository }, "jenkins-agents"),
      [22, 80, 443, 6443, 8443, 30_000],
    );
    assert.ok((await ports({ repository }, "jenkins")).includes(8443));
  });

  it("lets agents connect to Jenkins, the builders and external systems, and nothing connect to them", async () => {
    const { object } = await jenkins();
    const agents = at(
      object("NetworkPolicy", "jenkins-agents"),
      "spec",
    ) as k8s.types.output.networking.v1.NetworkPolicySpec;
    assert.deepEqual([agents.policyTypes, agents.ingress], [["Ingress", "Egress"], []]);
    const outside = agents.egress
      .flatMap(({ to }) => to ?? [])
      .find(({ ipBlock }) => ipBlock?.cidr === "0.0.0.0/0");
    assert.deepEqual(outside?.ipBlock?.except, ["169.254.0.0/16", "100.100.100.200/32"]);
    const releasing = at(
      object("NetworkPolicy", "jenkins-release-agents"),
      "spec",
    ) as k8s.types.output.networking.v1.NetworkPolicySpec;
    const { host, port } = new URL(monitoringPrometheus);
    assert.equal(host, `prometheus.monitoring.svc:${port}`);
    assert.deepEqual(releasing.podSelector.matchLabels, { "platform/agent": "platform" });
    assert.deepEqual(releasing.egress[0]?.ports, [{ protocol: "TCP", port: Number(port) }]);
    assert.deepEqual(releasing.egress[0]?.to[0]?.namespaceSelector?.matchLabels, {
      "kubernetes.io/metadata.name": "monitoring",
    });
    const builders = at(
      object("NetworkPolicy", "image-builder"),
      "spec.ingress",
    ) as k8s.types.output.networking.v1.NetworkPolicyIngressRule[];
    assert.deepEqual(builders[0]?.from[0], {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ci-agents" } },
      podSelector: { matchLabels: { "platform/agent": "image" } },
    });
    assert.equal(builders.length, 1);
  });
});
