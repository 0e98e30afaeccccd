import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { BlockStorageClass } from "../../config";
import { disruptionBudget } from "../shared/budget";
import { imageReference, images } from "../shared/images";
import { objectLabels, selectorLabels } from "../shared/labels";
import { platformPlacement, type PlacementRules } from "../shared/placement";
import { containerSecurityContext, spread, withoutApiAccess } from "../shared/pods";
import { declareService } from "../shared/service";
import { pruneBuilders } from "./builder-prune";

/** How many daemons build images, and how large the cache of each may grow. */
export interface BuilderArgs {
  replicas: number;
  /** Volume of each daemon, with a unit: layers of earlier builds. */
  cache: string;
  /** Class of the volume, block storage; the cluster's default without it. */
  storageClass?: BlockStorageClass;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

/** Namespace of the daemons, apart from that of the agents: its pods may do more. */
export const builderNamespace = "ci-images";

/** Name of the daemons and their Service. */
export const builderName = "image-builder";
const podsService = `${builderName}-pods`;
/** Port that a daemon listens on. */
export const builderPort = 1234;
const selector = selectorLabels(builderName);
const labels = objectLabels(builderName, "ci");

/** Where agents reach a daemon. */
export const builderAddress = `tcp://${builderName}.${builderNamespace}.svc:${builderPort}`;

/** Address of one daemon. */
function addressOf(replica: number): string {
  return `tcp://${builderName}-${replica}.${podsService}.${builderNamespace}.svc:${builderPort}`;
}

/** Daemons that build images without root, and the daily clean-up of their caches. */
export function imageBuilders(
  args: BuilderArgs,
  namespace: pulumi.Input<string>,
  parent: pulumi.Resource,
): void {
  const metadata = { name: builderName, namespace, labels };
  new k8s.apps.v1.StatefulSet(builderName, { metadata, spec: statefulSetSpec(args) }, { parent });
  services(metadata, parent);
  if (args.replicas > 1) disruptionBudget(builderName, { namespace, labels }, selector, parent);
  const addresses = Array.from({ length: args.replicas }, (_, replica) => addressOf(replica));
  pruneBuilders({ ...args, namespace, addresses }, parent);
}

function statefulSetSpec(args: BuilderArgs): k8s.types.input.apps.v1.StatefulSetSpec {
  return {
    serviceName: podsService,
    replicas: args.replicas,
    podManagementPolicy: "Parallel",
    selector: { matchLabels: selector },
    template: {
      metadata: { labels: { ...labels, ...selector } },
      spec: {
        ...withoutApiAccess,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1000,
          runAsGroup: 1000,
          fsGroup: 1000,
          fsGroupChangePolicy: "OnRootMismatch",
          // A build makes namespaces of its own, which the default profiles forbid.
          seccompProfile: { type: "Unconfined" },
          appArmorProfile: { type: "Unconfined" },
        },
        ...platformPlacement(args.placement),
        ...spread(selector),
        containers: [container(args.imageMirror)],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: "cache" },
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: args.storageClass,
          resources: { requests: { storage: args.cache } },
        },
      },
    ],
  };
}

function container(imageMirror: string | undefined): k8s.types.input.core.v1.Container {
  const answers = { exec: { command: ["buildctl", "debug", "workers"] }, timeoutSeconds: 10 };
  return {
    name: "buildkitd",
    image: imageReference(images.buildkit, imageMirror),
    args: [
      "--addr=unix:///run/user/1000/buildkit/buildkitd.sock",
      `--addr=tcp://0.0.0.0:${builderPort}`,
      // A sandbox of processes would need a privileged container.
      "--oci-worker-no-process-sandbox",
    ],
    ports: [{ name: "buildkit", containerPort: builderPort }],
    livenessProbe: { ...answers, initialDelaySeconds: 10, periodSeconds: 30, failureThreshold: 5 },
    readinessProbe: { ...answers, initialDelaySeconds: 5, periodSeconds: 15 },
    resources: {
      requests: { cpu: "500m", memory: "1Gi" },
      limits: { cpu: "4", memory: "8Gi" },
    },
    securityContext: {
      // newuidmap, which gives the build its range of users, is set-uid and needs these two.
      allowPrivilegeEscalation: true,
      capabilities: { ...containerSecurityContext.capabilities, add: ["SETGID", "SETUID"] },
    },
    volumeMounts: [{ name: "cache", mountPath: "/home/user/.local/share/buildkit" }],
  };
}

function services(
  metadata: { name: string; namespace: pulumi.Input<string>; labels: Record<string, string> },
  parent: pulumi.Resource,
): void {
  const ports = [{ name: "buildkit", port: builderPort, targetPort: "buildkit" }];
  // An agent scans what it built before it pushes: both must meet the same daemon's cache.
  const sessionAffinity = "ClientIP";
  declareService(builderName, { metadata, spec: { selector, ports, sessionAffinity } }, { parent });
  declareService(
    podsService,
    { metadata: { ...metadata, name: podsService }, spec: { selector, ports, clusterIP: "None" } },
    { parent },
  );
}
