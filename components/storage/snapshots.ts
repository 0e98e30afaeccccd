import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { disruptionBudget } from "../shared/budget";
import { customResource } from "../shared/custom-resource";
import { containerDisk } from "../shared/ephemeral-storage";
import { imageReference, images } from "../../versions/images";
import { objectLabels, selectorLabels } from "../shared/labels";
import { workloadPolicy } from "../shared/network-policy";
import { containerSecurityContext, runAs, scrapeAnnotations, spread } from "../shared/pods";
import { serviceAccount } from "../shared/service-account";
import type { DriverArgs, driverNames } from "./driver";
import { snapshotControllerRules } from "./rbac";
import { controllerPlacement } from "./workloads";

const name = "snapshot-controller";
const selector = selectorLabels(name);
const labels = objectLabels(name, "storage");
const port = 8080;

/** Declares the snapshot controller of the whole cluster, which binds each snapshot to its content. */
export function snapshotController(
  args: DriverArgs,
  definitions: pulumi.Resource[],
  parent: pulumi.Resource,
): void {
  const { namespace } = args;
  const account = serviceAccount(
    name,
    {
      namespace,
      labels,
      clusterRules: snapshotControllerRules,
      rules: [
        {
          apiGroups: ["coordination.k8s.io"],
          resources: ["leases"],
          verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
        },
      ],
    },
    parent,
  );
  disruptionBudget(name, { namespace, labels, matchLabels: selector }, parent);
  workloadPolicy(args.part, name, {}, { metricsPort: port, usesApi: true });
  new k8s.apps.v1.Deployment(
    name,
    { metadata: { name, namespace, labels }, spec: deploymentSpec(args, account) },
    // It exits if the CRDs do not exist.
    { parent, dependsOn: definitions },
  );
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

function deploymentSpec(
  args: DriverArgs,
  serviceAccountName: pulumi.Output<string>,
): k8s.types.input.apps.v1.DeploymentSpec {
  const probe = {
    httpGet: { path: "/healthz/leader-election", port },
    initialDelaySeconds: 10,
    periodSeconds: 20,
    timeoutSeconds: 5,
    failureThreshold: 3,
  };
  return {
    replicas: args.replicas,
    selector: { matchLabels: selector },
    template: {
      metadata: {
        labels: { ...labels, ...selector },
        annotations: scrapeAnnotations(port, "/metrics"),
      },
      spec: {
        serviceAccountName,
        enableServiceLinks: false,
        ...controllerPlacement(args),
        securityContext: runAs(65532),
        ...spread(selector),
        containers: [
          {
            name,
            image: imageReference(images.snapshotController, args.part.context.imageMirror),
            args: ["--leader-election=true", `--http-endpoint=:${port}`, "--v=2"],
            ports: [{ name: "metrics", containerPort: port }],
            livenessProbe: { ...probe, failureThreshold: 6 },
            readinessProbe: probe,
            resources: {
              requests: { cpu: "10m", memory: "32Mi", ...containerDisk.requests },
              limits: { cpu: "500m", memory: "300Mi", ...containerDisk.limits },
            },
            securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
          },
        ],
      },
    },
  };
}
