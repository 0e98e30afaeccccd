import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { declarePart, type PlatformContext, type Part } from "../../../components/shared/context";
import { closeNamespace, podsIn, podsOf } from "../../../components/shared/network-policy";
import { scratch } from "../../../components/shared/pod-template";
import { secret } from "../../../components/shared/secret";
import {
  daemonSet,
  deployment,
  statefulSet,
  type DeploymentArgs,
} from "../../../components/shared/workload";
import { at, declare, type Declared } from "../../support/declare";

class Example extends pulumi.ComponentResource {
  constructor(context: PlatformContext, body: (part: Part) => void, opts: object) {
    super("test:Example", "example", {}, opts);
    const part = declarePart("example", { context }, this);
    body(part);
    closeNamespace(part);
  }
}

function declarePartWith(
  body: (part: Part) => void,
  context: Partial<PlatformContext> = {},
): Promise<Declared> {
  return declare((provider) => {
    new Example({ environment: "dev", ...context }, body, { provider });
  });
}

const args: DeploymentArgs = {
  name: "web",
  replicas: 1,
  user: 1000,
  network: {},
  containers: [
    {
      name: "web",
      image: "headlamp",
      resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
      volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
    },
  ],
  volumes: [scratch("tmp", "64Mi")],
};

const container = "spec.template.spec.containers.0";

function web(
  changes: Partial<DeploymentArgs>,
  context: Partial<PlatformContext> = {},
): Promise<Declared> {
  return declarePartWith((part) => void deployment(part, { ...args, ...changes }), context);
}

describe("shared workload builder", () => {
  it("gives every pod the security settings of the platform, and no token", async () => {
    const pod = at((await web({})).object("Deployment", "web"), "spec.template.spec") as object;
    assert.deepEqual(at(pod, "securityContext"), {
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
      runAsUser: 1000,
      runAsGroup: 1000,
    });
    assert.equal(at(pod, "automountServiceAccountToken"), false);
    assert.deepEqual(at(pod, "containers.0.securityContext"), {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    });
  });

  it("gives pods without a stated group that of their user, and states whether they get a token", async () => {
    const spec = async (changes: Partial<DeploymentArgs>) =>
      at((await web(changes)).object("Deployment", "web"), "spec.template.spec") as object;
    const root = await spec({ user: { user: 0 }, account: "web", token: true });
    assert.deepEqual(at(root, "securityContext"), {
      runAsNonRoot: false,
      seccompProfile: { type: "RuntimeDefault" },
      runAsUser: 0,
    });
    assert.equal(at(root, "serviceAccountName"), "web");
    assert.equal(at(root, "automountServiceAccountToken"), true);
    assert.ok(!("automountServiceAccountToken" in (await spec({ account: "web" }))));
    const declared = await web({ account: "web", token: false });
    const pod = at(declared.object("Deployment", "web"), "spec.template.spec") as object;
    assert.equal(at(pod, "serviceAccountName"), "web");
    assert.equal(at(pod, "automountServiceAccountToken"), false);
    // Without a token, calls of the API server would be of no use.
    assert.equal((at(declared.object("NetworkPolicy", "web"), "spec.egress") as []).length, 1);
  });

  it("takes images from the mirror, and pods to the platform's nodes", async () => {
    const nodeGroup = { name: "infra", exclusive: true, labels: { group: "infra" } };
    const classes = { critical: "critical", platform: "platform", apps: "apps" };
    const declared = await web(
      {},
      { imageSource: { mirror: "mirror.test" }, placement: { classes, nodeGroup } },
    );
    const object = declared.object("Deployment", "web");
    assert.match(String(at(object, `${container}.image`)), /^mirror\.test\//);
    assert.deepEqual(at(object, "spec.template.spec.nodeSelector"), { group: "infra" });
    assert.equal(at(object, "spec.template.spec.priorityClassName"), "platform");
  });

  it("limits what a container writes to its node, including its emptyDirs", async () => {
    const object = (await web({})).object("Deployment", "web");
    const resources = at(object, `${container}.resources`);
    assert.equal(at(resources as object, "limits.ephemeral-storage"), "320Mi");
    assert.equal(at(resources as object, "requests.ephemeral-storage"), "64Mi");
  });

  it("restarts pods when a Secret that they read changes", async () => {
    const declared = await declarePartWith((part) => {
      const own = secret(part, "web-login", { data: { key: "a" } });
      deployment(part, { ...args, secrets: [own] });
    });
    const annotations = at(
      declared.object("Deployment", "web"),
      "spec.template.metadata.annotations",
    ) as object;
    assert.deepEqual(Object.keys(annotations), ["platform/checksum-web-login"]);
  });

  it("creates a budget and spreads pods only if there are several", async () => {
    assert.deepEqual((await web({})).names("PodDisruptionBudget"), []);
    const declared = await web({ replicas: 2, spread: "required" });
    assert.deepEqual(declared.names("PodDisruptionBudget"), ["web"]);
    const affinity = "spec.template.spec.affinity.podAntiAffinity";
    assert.deepEqual(Object.keys(at(declared.object("Deployment", "web"), affinity) as object), [
      "requiredDuringSchedulingIgnoredDuringExecution",
    ]);
  });

  it("allows only the connections that are listed, scrapes, DNS, and with an account the API", async () => {
    const declared = await web({
      metrics: { port: 9090 },
      account: "web",
      network: {
        ingress: [{ from: [podsIn("gateway")], ports: [8080] }],
        egress: [{ to: [podsOf("store")], ports: [5432] }],
      },
    });
    const policy = declared.object("NetworkPolicy", "web");
    assert.deepEqual(at(policy, "spec.policyTypes"), ["Ingress", "Egress"]);
    const ports = (direction: string) =>
      (at(policy, `spec.${direction}`) as { ports: { port: number }[] }[]).map((rule) =>
        rule.ports.map(({ port }) => port),
      );
    assert.deepEqual(ports("ingress"), [[9090], [8080]]);
    assert.deepEqual(ports("egress"), [[53, 53], [443, 6443], [5432]]);
    const deny = declared.object("NetworkPolicy", "default-deny");
    assert.deepEqual(at(deny, "spec"), { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });

  it("never lets pods reach the metadata address that returns cloud credentials", async () => {
    const declared = await web({ account: "web" });
    const egress = at(declared.object("NetworkPolicy", "web"), "spec.egress") as {
      to: { ipBlock?: { cidr: string; except?: string[] } }[];
    }[];
    const blocks = egress.flatMap(({ to }) => to.flatMap((peer) => peer.ipBlock ?? []));
    const open = blocks.filter(({ cidr }) => cidr.endsWith("/0"));
    assert.ok(open.length > 0);
    for (const { except } of open) {
      assert.deepEqual(except, ["169.254.0.0/16", "100.100.100.200/32"]);
    }
  });

  it("declares StatefulSets with a claim for each pod, and DaemonSets on every node", async () => {
    const declared = await declarePartWith((part) => {
      const claims = [{ name: "data", size: "1Gi", storageClass: "block" }];
      statefulSet(part, { ...args, name: "store", serviceName: "store-pods", claims });
      daemonSet(part, { ...args, name: "agent", network: "host" });
    });
    const store = declared.object("StatefulSet", "store");
    assert.equal(at(store, "spec.volumeClaimTemplates.0.spec.storageClassName"), "block");
    const agent = declared.object("DaemonSet", "agent");
    assert.deepEqual(at(agent, "spec.template.spec.tolerations"), [{ operator: "Exists" }]);
    assert.deepEqual(declared.names("NetworkPolicy").sort(), ["default-deny", "store"]);
  });
});
