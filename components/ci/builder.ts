import type { BlockStorageClass } from "../../config";
import type { Part } from "../shared/context";
import { podsOf } from "../shared/network-policy";
import type { PartContainer } from "../shared/pod-template";
import { containerSecurityContext } from "../shared/pods";
import { service } from "../shared/service";
import { statefulSet } from "../shared/workload";
import { pruneBuilders, pruneName } from "./builder-prune";
import { goTrust } from "./certificates";
import { builderName, builderNamespace, builderPort } from "./names";
import { imageAgents, toServers } from "./network";

/** How many daemons build images, and how large the cache of each may grow. */
export interface BuilderArgs {
  replicas: number;
  /** Volume of each daemon, with a unit: layers of earlier builds. */
  cache: string;
  /** Class of the volume, block storage; the cluster's default without it. */
  storageClass?: BlockStorageClass;
  /** Secret with the company's certificates; only public authorities are trusted without it. */
  caBundle?: string;
}

const podsService = `${builderName}-pods`;

/** Where agents reach a daemon. */
export const builderAddress = `tcp://${builderName}.${builderNamespace}.svc:${builderPort}`;

/** Address of one daemon. */
function addressOf(replica: number): string {
  return `tcp://${builderName}-${replica}.${podsService}.${builderNamespace}.svc:${builderPort}`;
}

/** Daemons that build images without root, and the daily clean-up of their caches. */
export function imageBuilders(part: Part, args: BuilderArgs): void {
  const { replicas, cache, storageClass } = args;
  const ports = { buildkit: builderPort };
  const trust = goTrust(args.caBundle);
  statefulSet(part, {
    name: builderName,
    replicas,
    serviceName: podsService,
    claims: [{ name: "cache", size: cache, storageClass }],
    statefulSet: { podManagementPolicy: "Parallel" },
    spread: "preferred",
    user: 1000,
    ownsVolumes: "large",
    containers: [container(trust)],
    volumes: trust.volumes,
    // An agent scans what it built before it pushes: both must meet the same daemon's cache.
    service: { ports, spec: { sessionAffinity: "ClientIP" } },
    network: {
      // A daemon builds for anybody who reaches it.
      ingress: [{ from: [imageAgents, podsOf(pruneName)], ports: [builderPort] }],
      // The commands of a Dockerfile run with the daemon's own network: they get packages and base
      // images, and neither the API server nor a node's own credentials.
      egress: toServers(80, 443),
    },
    spec: {
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
    },
  });
  service(part, builderName, { name: podsService, ports, headless: true });
  const addresses = Array.from({ length: replicas }, (_, replica) => addressOf(replica));
  pruneBuilders(part, addresses);
}

function container(trust: ReturnType<typeof goTrust>): PartContainer {
  const answers = { exec: { command: ["buildctl", "debug", "workers"] }, timeoutSeconds: 10 };
  return {
    name: "buildkitd",
    image: "buildkit",
    args: [
      "--addr=unix:///run/user/1000/buildkit/buildkitd.sock",
      `--addr=tcp://0.0.0.0:${builderPort}`,
      // A sandbox of processes would need a privileged container.
      "--oci-worker-no-process-sandbox",
    ],
    ...(trust.env.length === 0 ? {} : { env: trust.env }),
    ports: [{ name: "buildkit", containerPort: builderPort }],
    livenessProbe: { ...answers, initialDelaySeconds: 10, periodSeconds: 30, failureThreshold: 5 },
    readinessProbe: { ...answers, initialDelaySeconds: 5, periodSeconds: 15 },
    resources: {
      requests: { cpu: "500m", memory: "1Gi" },
      limits: { cpu: "4", memory: "8Gi" },
    },
    writableRoot: true,
    securityContext: {
      // newuidmap, which gives the build its range of users, is set-uid and needs these two.
      allowPrivilegeEscalation: true,
      capabilities: { ...containerSecurityContext.capabilities, add: ["SETGID", "SETUID"] },
    },
    volumeMounts: [
      { name: "cache", mountPath: "/home/user/.local/share/buildkit" },
      ...trust.volumeMounts,
    ],
  };
}
