import type * as pulumi from "@pulumi/pulumi";
import { customResource } from "../shared/custom-resource";
import { objectLabels } from "../shared/labels";
import type { PartContainer } from "../shared/part-container";
import { serviceAccount } from "../shared/service-account";
import { deployment } from "../shared/workload";
import type { DriverArgs, driverNames } from "./driver";
import { snapshotControllerRules } from "./rbac";
import { controllerPlacement } from "./workloads";

const name = "snapshot-controller";
const port = 8080;

/** Declares the snapshot controller of the whole cluster, which binds each snapshot to its content. */
export function snapshotController(args: DriverArgs, definitions: pulumi.Resource[]): void {
  const { part, replicas } = args;
  const account = serviceAccount(part, name, {
    clusterRules: snapshotControllerRules,
    rules: [
      {
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
        verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
      },
    ],
  });
  deployment(part, {
    name,
    replicas,
    user: 65_532,
    account,
    network: {},
    containers: [container()],
    metrics: { port, path: "/metrics" },
    spread: "preferred",
    spec: controllerPlacement(args),
    // Kubernetes' default, which replaces up to three pods as the builder's does.
    deployment: { strategy: undefined },
    // It exits if the CRDs do not exist.
    dependsOn: definitions,
  });
}

/** Declares the default VolumeSnapshotClass for one driver's volumes. */
export function snapshotClass(
  className: string,
  {
    driver,
    parameters,
    dependsOn,
  }: {
    driver: (typeof driverNames)[keyof typeof driverNames];
    parameters: Record<string, pulumi.Input<string>>;
    dependsOn: pulumi.Resource[];
  },
  parent: pulumi.Resource,
): void {
  customResource(
    className,
    {
      apiVersion: "snapshot.storage.k8s.io/v1",
      kind: "VolumeSnapshotClass",
      metadata: {
        name: className,
        labels: objectLabels(className, "storage"),
        annotations: { "snapshot.storage.kubernetes.io/is-default-class": "true" },
      },
      driver,
      deletionPolicy: "Delete",
      parameters,
    },
    { parent, dependsOn },
  );
}

function container(): PartContainer {
  const probe = {
    httpGet: { path: "/healthz/leader-election", port },
    initialDelaySeconds: 10,
    periodSeconds: 20,
    timeoutSeconds: 5,
    failureThreshold: 3,
  };
  return {
    name,
    image: "snapshotController",
    args: ["--leader-election=true", `--http-endpoint=:${port}`, "--v=2"],
    ports: [{ name: "metrics", containerPort: port }],
    livenessProbe: { ...probe, failureThreshold: 6 },
    readinessProbe: probe,
    resources: {
      requests: { cpu: "10m", memory: "32Mi" },
      limits: { cpu: "500m", memory: "300Mi" },
    },
  };
}
