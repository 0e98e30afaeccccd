import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DoctorApi } from "../../cli/doctor/api";
import { examine } from "../../cli/doctor/examine";
import type { Finding, Level } from "../../cli/doctor/finding";
import { parseStack, type StackConfig } from "../../config";
import type { Cluster } from "../../local/cluster";
import type { KubernetesObject } from "../../render/objects";
import { kubectl } from "./rendered";

export const object = (kind: string, apiVersion: string, fields: object): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: "shop", namespace: "doctor-shop" },
  ...fields,
});
const pods = (cpu: string, more: object = {}) => ({
  template: {
    spec: { containers: [{ name: "a", resources: { requests: { cpu, memory: "1Gi" } } }], ...more },
  },
});
export const deployment = (cpu: string, replicas: number, more: object = {}) =>
  object("Deployment", "apps/v1", { spec: { replicas, ...pods(cpu, more) } });
export const claims = (...storageClassNames: (string | undefined)[]) =>
  object("StatefulSet", "apps/v1", {
    spec: {
      ...pods("1"),
      volumeClaimTemplates: storageClassNames.map((storageClassName) => ({
        spec: { storageClassName },
      })),
    },
  });
export const namespace = object("Namespace", "v1", { metadata: { name: "doctor-shop" } });
export const components = {
  monitoring: {},
  autoscaling: { metricsServer: {} },
  tenancy: { teams: {} },
};

/** A DaemonSet of kube-system. */
export const daemonSet = (name: string, args: string[] = []) =>
  object("DaemonSet", "apps/v1", {
    metadata: { name, namespace: "kube-system" },
    spec: {
      selector: { matchLabels: { name } },
      template: {
        metadata: { labels: { name } },
        spec: { containers: [{ name: "a", image: "example.com/a:1", args }] },
      },
    },
  });

/** A CRD of the Gateway API from another owner. */
export const gatewayDefinition = object("CustomResourceDefinition", "apiextensions.k8s.io/v1", {
  metadata: {
    name: "routes.gateway.networking.k8s.io",
    annotations: {
      "api-approved.kubernetes.io": "https://example.com",
      "gateway.networking.k8s.io/bundle-version": "v1.2.0",
    },
  },
  spec: {
    group: "gateway.networking.k8s.io",
    scope: "Namespaced",
    names: { kind: "Route", plural: "routes" },
    versions: [
      { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } },
    ],
  },
});

/** A kubelet's request for its serving certificate. */
export const servingRequest = (request: string) =>
  object("CertificateSigningRequest", "certificates.k8s.io/v1", {
    metadata: { name: "csr-node-0" },
    spec: {
      request,
      signerName: "kubernetes.io/kubelet-serving",
      usages: ["digital signature", "server auth"],
    },
  });

/** Differences from the default settings of a check; all other keys are config. */
interface Overrides extends Record<string, unknown> {
  of?: DoctorApi;
  now?: () => Date;
}

/** A cluster that the doctor checks. */
export class DoctorFixture {
  private constructor(
    private readonly cluster: Cluster,
    readonly api: DoctorApi,
  ) {}

  static async of(cluster: Cluster): Promise<DoctorFixture> {
    return new DoctorFixture(cluster, await DoctorApi.of(cluster));
  }

  config(fields: object = {}): StackConfig {
    const { kubeconfig, context } = this.cluster;
    return parseStack("dev", {
      environment: "dev",
      domain: "platform.test",
      cluster: { kubeconfig, context },
      components,
      ...fields,
    });
  }

  look(
    objects: KubernetesObject[] = [],
    { of = this.api, now = () => new Date(), ...fields }: Overrides = {},
  ): Promise<Finding[]> {
    return examine({ api: of, config: this.config(fields), objects, now });
  }

  async apply(...objects: object[]): Promise<void> {
    const file = join(this.cluster.folder, "given.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
    await kubectl(this.cluster, "apply", "-f", file);
  }

  /** Changes the status of the first node. */
  async nodeStatus(status: object): Promise<void> {
    const patch = JSON.stringify({ status });
    await kubectl(this.cluster, "patch", "node", "node-0", "--subresource=status", "-p", patch);
  }
}

/** Asserts one finding of a check, with a text and what to do. */
export function assertFinding(found: Finding[], check: string, level: Level, text: RegExp): void {
  const all = found.filter((it) => it.check === check);
  assert.ok(
    all.some((it) => it.level === level && text.test(it.text) && (level === "ok" || it.next)),
    JSON.stringify(all, null, 1),
  );
}
