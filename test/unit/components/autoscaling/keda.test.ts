import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Autoscaling } from "../../../../components/autoscaling";
import { at, declare } from "../../../support/declare";
import { metricsServer, autoscaling, containerOf, type Rule, rulesOf } from "./declared";

const keda = { replicas: 2, prometheus: "http://prometheus.monitoring.svc:9090" };

const kedaParts = ["keda-admission-webhooks", "keda-metrics-apiserver", "keda-operator"];

describe("Autoscaling: KEDA", () => {
  it("has its three parts, with as many pods as configured", async () => {
    const declared = await autoscaling({ keda });
    assert.deepEqual(declared.names("Deployment"), kedaParts);
    for (const part of kedaParts) {
      assert.equal(at(declared.object("Deployment", part), "spec.replicas"), 2);
    }
    assert.deepEqual(declared.names("PodDisruptionBudget"), kedaParts);
    assert.deepEqual(declared.names("APIService"), ["v1beta1.external.metrics.k8s.io"]);
  });

  it("declares nothing of a KEDA that the cluster already has, but apps are still scaled by it", async () => {
    const brought = { replicas: 1, installedIn: "kube-system" };
    let scaling: Autoscaling["requestScaling"];
    const { objects } = await declare((provider) => {
      const args = {
        context: { environment: "dev" },
        config: { keda: brought },
        prometheus: "http://own:9090",
      };
      scaling = new Autoscaling("autoscaling", args, { provider }).requestScaling;
    });
    assert.deepEqual(objects, []);
    assert.deepEqual(scaling, { prometheus: "http://own:9090" });
    const withMetrics = await autoscaling({ metricsServer, keda: { ...keda, ...brought } });
    assert.deepEqual(withMetrics.names("Deployment"), ["metrics-server"]);
  });

  it("leaves the certificate authority to the operator, which writes it at run time", async () => {
    const { registrations } = await autoscaling({ keda });
    const ignored = (name: string) =>
      registrations.find((registration) => registration.name === name)?.ignoreChanges;
    assert.deepEqual(ignored("v1beta1.external.metrics.k8s.io"), ["spec.caBundle"]);
    assert.deepEqual(
      ignored("keda-admission"),
      [0, 1, 2, 3].map((index) => `webhooks[${index}].clientConfig.caBundle`),
    );
  });

  it("finds its parts by the names in the operator's settings", async () => {
    const declared = await autoscaling({ keda });
    const { args } = containerOf(declared, "keda-operator");
    for (const [flag, kind] of [
      ["operator-service-name", "Service"],
      ["metrics-server-service-name", "Service"],
      ["webhooks-service-name", "Service"],
      ["validating-webhook-name", "ValidatingWebhookConfiguration"],
    ] as const) {
      const name = args.find((arg) => arg.startsWith(`--${flag}=`))?.split("=")[1] ?? "";
      assert.ok(declared.names(kind).includes(name), `${flag} ${name}`);
    }
    const adapter = containerOf(declared, "keda-metrics-apiserver").args;
    assert.ok(
      adapter.includes(
        "--metrics-service-address=keda-operator.$(POD_NAMESPACE).svc.cluster.local:9666",
      ),
    );
  });

  it("reads no Secrets but those of its own namespace", async () => {
    const declared = await autoscaling({ keda });
    for (const part of kedaParts) {
      const rules = rulesOf(declared, part);
      assert.deepEqual(
        rules.filter(({ resources }) => resources.some((it) => ["secrets", "*"].includes(it))),
        [],
        part,
      );
      const { env } = containerOf(declared, part);
      assert.equal(env.find(({ name }) => name === "KEDA_RESTRICT_SECRET_ACCESS")?.value, "true");
    }
    const own = declared.object("Role", "keda-operator");
    assert.equal(own.metadata.namespace, "autoscaling");
  });

  it("changes only its own webhooks and its own API", async () => {
    const rules = rulesOf(await autoscaling({ keda }), "keda-operator") as (Rule & {
      resourceNames?: string[];
    })[];
    const writes = rules.filter(
      ({ resources, verbs }) =>
        resources.some((it) => ["apiservices", "validatingwebhookconfigurations"].includes(it)) &&
        verbs.includes("update"),
    );
    assert.deepEqual(
      writes.map(({ resourceNames }) => resourceNames),
      [["keda-admission"], ["v1beta1.external.metrics.k8s.io"]],
    );
  });

  it("does not block a release if its webhooks are unavailable", async () => {
    const { webhooks } = (await autoscaling({ keda })).object(
      "ValidatingWebhookConfiguration",
      "keda-admission",
    ) as unknown as { webhooks: { failurePolicy: string; clientConfig: object }[] };
    assert.deepEqual(
      webhooks.map(({ failurePolicy }) => failurePolicy),
      ["Ignore", "Ignore", "Ignore", "Ignore"],
    );
    assert.deepEqual(at(webhooks[0]?.clientConfig ?? {}, "service"), {
      name: "keda-admission-webhooks",
      namespace: "autoscaling",
      path: "/validate-keda-sh-v1alpha1-scaledobject",
      port: 443,
    });
  });

  it("lets Kubernetes' own autoscaler read its metrics", async () => {
    const binding = (await autoscaling({ keda })).object(
      "ClusterRoleBinding",
      "keda-external-metrics-reader",
    );
    assert.deepEqual(binding["subjects"], [
      { kind: "ServiceAccount", name: "horizontal-pod-autoscaler", namespace: "kube-system" },
    ]);
  });

  describe("with its own definitions", () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "keda-test-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    it("starts the operator after them", async () => {
      const file = join(folder, "crds.yaml");
      const text =
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: scaledobjects.keda.sh\nspec: {}\n";
      writeFileSync(file, text);
      const sha256 = createHash("sha256").update(text).digest("hex");
      const { registrations } = await autoscaling({ keda: { ...keda, crds: { file, sha256 } } });
      const definition = registrations.find(({ name }) => name === "scaledobjects.keda.sh");
      const operator = registrations.find(
        ({ type, name }) => type.endsWith(":Deployment") && name === "keda-operator",
      );
      assert.ok(definition);
      assert.ok(operator?.dependencies.includes(definition.urn));
    });
  });
});
