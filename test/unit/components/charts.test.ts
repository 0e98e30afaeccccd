import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Package, type PackageArgs } from "../../../components/charts";
import { isKnownKind, type PackageObject } from "../../../components/charts/kinds";
import { inOrder } from "../../../components/charts/order";
import { podSecurityProblems } from "../../../components/charts/pod-security";
import { distinctObjects } from "../../../program/distinct";
import { recordConfig } from "../../../render/stack";
import { mirroredReference } from "../../../versions/images";
import { at, declare, type Declared } from "../../support/declare";

const object = (kind: string, apiVersion: string, fields: object = {}): PackageObject => ({
  apiVersion,
  kind,
  metadata: { name: "notes", namespace: "notes" },
  ...fields,
});
const pods = { template: { spec: { containers: [{ name: "a", image: "nginx:1.29" }] } } };
const own = {
  namespace: "notes",
  podSecurity: "baseline" as const,
  network: {
    ingress: [{ from: ["gateway"], ports: [8080] }, { ports: [9443] }],
    egress: [{ cidr: "100.0.0.0/8", ports: [5432], protocol: "TCP" as const }],
    apiServer: true,
  },
};

function packageOf(args: Partial<PackageArgs>): Promise<Declared> {
  return declare((provider) => {
    const context = { environment: "dev", imageSource: { mirror: "mirror.test/images" } };
    new Package("notes", { context, objects: [], ...args }, { provider });
  });
}

describe("a chart's component", () => {
  it("declares objects under the types of the SDK, with the platform's labels and its mirror", async () => {
    const labels = { "app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/name": "x" };
    const metadata = { name: "notes", namespace: "notes", labels };
    const { registrations, object: find } = await packageOf({
      objects: [
        object("Deployment", "apps/v1", { metadata, spec: pods }),
        object("ConfigMap", "v1"),
        object("Certificate", "cert-manager.io/v1"),
      ],
      own,
    });
    const types = registrations.map(({ type }) => type);
    for (const type of [
      "apps/v1:Deployment",
      "core/v1:ConfigMap",
      "cert-manager.io/v1:Certificate",
    ]) {
      assert.ok(types.includes(`kubernetes:${type}`), types.join());
    }
    const deployment = find("Deployment", "notes");
    assert.deepEqual(deployment.metadata.labels, {
      "app.kubernetes.io/managed-by": "pulumi",
      "app.kubernetes.io/name": "x",
      "app.kubernetes.io/part-of": "notes",
      "platform/brought": "notes",
    });
    const [container] = at(deployment, "spec.template.spec.containers") as { image: string }[];
    assert.equal(container?.image, "mirror.test/images/library/nginx:1.29");
  });

  it("has its own namespace, which is closed except for the listed connections", async () => {
    const { object: find, names } = await packageOf({ objects: [object("ConfigMap", "v1")], own });
    const level = "pod-security.kubernetes.io/enforce";
    assert.equal(find("Namespace", "notes").metadata.labels?.[level], "baseline");
    assert.deepEqual(names("NetworkPolicy"), ["default-deny", "network"]);
    const ingress = at(find("NetworkPolicy", "network"), "spec.ingress") as object[];
    const from = (name: string) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
    });
    assert.deepEqual(ingress, [
      { from: [{ podSelector: {} }] },
      { from: [from("monitoring")], ports: [{ protocol: "TCP" }] },
      { from: [from("gateway")], ports: [{ protocol: "TCP", port: 8080 }] },
      { ports: [{ protocol: "TCP", port: 9443 }] },
    ]);
    const egress = at(find("NetworkPolicy", "network"), "spec.egress") as {
      to: { ipBlock?: object }[];
      ports?: object[];
    }[];
    assert.deepEqual(
      egress.slice(2).map(({ ports }) => ports?.map((it) => (it as { port: number }).port)),
      [[443, 6443], [5432]],
    );
    assert.deepEqual(egress.at(-1)?.to, [
      { ipBlock: { cidr: "100.0.0.0/8", except: ["100.100.100.200/32"] } },
    ]);
  });

  it("creates definitions first, then what pods need, then pods, webhooks and its own kinds", async () => {
    const definition = object("CustomResourceDefinition", "apiextensions.k8s.io/v1", {
      metadata: { name: "notebooks.example.com" },
      spec: { group: "example.com", names: { kind: "Notebook" } },
    });
    const objects = [
      object("Notebook", "example.com/v1"),
      object("ValidatingWebhookConfiguration", "admissionregistration.k8s.io/v1", {
        metadata: { name: "notes" },
      }),
      object("Deployment", "apps/v1", { spec: pods }),
      object("Service", "v1"),
      object("Certificate", "cert-manager.io/v1"),
      object("ServiceAccount", "v1"),
      definition,
    ];
    assert.deepEqual(
      inOrder(objects).map((group) => group.map(({ kind }) => kind)),
      [
        ["CustomResourceDefinition"],
        ["ServiceAccount"],
        ["Deployment", "Service", "Certificate"],
        ["ValidatingWebhookConfiguration"],
        ["Notebook"],
      ],
    );
    const { registrations } = await packageOf({ objects, own });
    const needs = (kind: string) =>
      registrations
        .find(({ type }) => type.endsWith(`:${kind}`))
        ?.dependencies.map((urn) => urn.split("::")[2]?.split(":").at(-1));
    assert.deepEqual(needs("Deployment")?.sort(), [
      "CustomResourceDefinition",
      "Namespace",
      "ServiceAccount",
    ]);
    assert.ok(needs("ValidatingWebhookConfiguration")?.includes("Deployment"));
    assert.ok(needs("Notebook")?.includes("ValidatingWebhookConfiguration"));
  });

  it("keeps custom resources under other versions of their API, and all objects under a former name", async () => {
    const objects = [object("ConfigMap", "v1"), object("Certificate", "cert-manager.io/v1")];
    const aliasesOf = async (formerly?: string) => {
      const { registrations } = await packageOf({ objects, own, formerly });
      return registrations.flatMap(({ aliases }) => aliases.map((urn) => urn.split("$").at(-1)));
    };
    const [now, beta] = ["v1", "v1beta1"].map((v) => `kubernetes:cert-manager.io/${v}:Certificate`);
    const map = "kubernetes:core/v1:ConfigMap";
    const found = await aliasesOf();
    assert.ok(found.includes(`${beta}::notes/notes`), found.join());
    assert.ok(!found.some((urn) => urn === `${map}::notes/notes` || urn?.includes("undefined")));
    const former = await aliasesOf("cards");
    for (const type of [map, now, beta]) assert.ok(former.includes(`${type}::cards/notes`), type);
    assert.ok(former.includes(`${beta}::notes/notes`));
  });

  it("knows the kinds of Kubernetes, and accepts other kinds", () => {
    assert.ok(isKnownKind(object("Deployment", "apps/v1")));
    assert.ok(isKnownKind(object("Anything", "example.com/v1")));
    assert.ok(!isKnownKind(object("Deployment", "apps/v3")));
    assert.ok(!isKnownKind(object("DeploymentList", "apps/v1")));
    assert.ok(!isKnownKind(object("constructor", "apps/v1")));
  });
});

describe("an image of a chart", () => {
  const mirror = "mirror.test:5000/images";
  const digest = `sha256:${"a".repeat(64)}`;
  const cases: [reference: string, expected: string][] = [
    ["nginx", `${mirror}/library/nginx`],
    ["nginx:1.29", `${mirror}/library/nginx:1.29`],
    ["docker.io/nginx:1.29", `${mirror}/library/nginx:1.29`],
    ["bitnami/redis:7", `${mirror}/bitnami/redis:7`],
    ["quay.io/a/b/c:1", `${mirror}/a/b/c:1`],
    ["localhost:5000/a:1", `${mirror}/a:1`],
    [`quay.io/a/b:1@${digest}`, `${mirror}/a/b:1@${digest}`],
    [`${mirror}/a/b:1`, `${mirror}/a/b:1`],
  ];
  for (const [reference, expected] of cases) {
    it(`${reference} comes from the mirror`, () => {
      assert.equal(mirroredReference(reference, { mirror }), expected);
    });
  }

  it("keeps its name without a mirror, and its digest if it has no tag", () => {
    assert.equal(mirroredReference("nginx"), "nginx");
    const digests = "ignored" as const;
    assert.equal(mirroredReference(`quay.io/a:1@${digest}`, { digests }), "quay.io/a:1");
    assert.equal(mirroredReference(`quay.io/a@${digest}`, { digests }), `quay.io/a@${digest}`);
  });
});

describe("Pod Security of a chart's pods", () => {
  const good = {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "a",
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  };

  it("accepts what the level allows", () => {
    assert.deepEqual(podSecurityProblems(good, "restricted"), []);
    assert.deepEqual(podSecurityProblems({ containers: [{ name: "a" }] }, "baseline"), []);
    assert.deepEqual(podSecurityProblems({ hostNetwork: true }, "privileged"), []);
  });

  it("names what the level would refuse", () => {
    const pod = { containers: [{ name: "a", securityContext: { privileged: true } }] };
    assert.deepEqual(podSecurityProblems(pod, "baseline"), ["container a: privileged"]);
    assert.equal(podSecurityProblems(pod, "restricted").length, 5);
  });
});

describe("an object that two resources declare", () => {
  const twice = (one: pulumi.Input<string>, other: pulumi.Input<string>) =>
    declare((provider) => {
      const opts = distinctObjects({ provider }, [{}]);
      const context = { environment: "dev" };
      const role = object("ClusterRole", "rbac.authorization.k8s.io/v1", {
        metadata: { name: one as string },
      });
      const further = { ...role, metadata: { name: other as string } };
      new Package("one", { context, objects: [role] }, opts);
      new Package("other", { context, objects: [further] }, opts);
    });

  it("is refused when it is declared", async () => {
    await assert.rejects(
      twice("prometheus", "prometheus"),
      /ClusterRole prometheus: expected one resource that declares it, got two: "one\/prometheus" and "other\/prometheus"/,
    );
    await twice("prometheus", "others");
  });

  it("does not occur in the whole program's objects for a team", async () => {
    const limits = { folder: "examples/manifests/limits", team: "commerce" };
    const { registrations } = await recordConfig(
      "dev",
      {
        "platform:environment": "dev",
        "platform:domain": "platform.test",
        "platform:cluster": { kubeconfig: "none", context: "none" },
        "platform:components": { tenancy: { teams: { commerce: {} } }, manifests: { limits } },
      },
      {},
    );
    const found = registrations.find(({ name }) => name === "limits/contacts");
    assert.deepEqual(
      (found?.inputs["metadata"] as { namespace: string }).namespace,
      "commerce-dev",
    );
  });
});
