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

/** Settings of the daemons that build images. */
export interface BuilderArgs {
  /** Number of daemons. */
  replicas: number;
  /** Size of each daemon's cache volume, with a unit, for example `50Gi`. */
  cache: string;
  /** Block storage class of the volume. Default: the cluster's default class. */
  storageClass?: BlockStorageClass;
  /** Secret with the company's CA certificates. Default: public CAs only. */
  caBundle?: string;
}

const podsService = `${builderName}-pods`;

/** Address of the daemons for agents. */
export const builderAddress = `tcp://${builderName}.${builderNamespace}.svc:${builderPort}`;

/** Returns the address of one daemon. */
function addressOf(replica: number): string {
  return `tcp://${builderName}-${replica}.${podsService}.${builderNamespace}.svc:${builderPort}`;
}

/** Declares the daemons that build images without root, and the daily clean-up of their caches. */
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
    // An agent scans its image before it pushes it, so all its requests must reach the same daemon.
    service: { ports, spec: { sessionAffinity: "ClientIP" } },
    network: {
      // A daemon builds for every client that can connect, so only these can.
      ingress: [{ from: [imageAgents, podsOf(pruneName)], ports: [builderPort] }],
      // The commands of a Dockerfile use the daemon's network: they reach packages and base images, but neither the API
      // server nor the credentials of a cloud node.
      egress: toServers(80, 443),
    },
    spec: {
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        fsGroupChangePolicy: "OnRootMismatch",
        // A build creates user namespaces, which the default profiles forbid.
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
      // A process sandbox would need a privileged container.
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
      // `newuidmap` maps the build's range of users; it is set-uid and needs these two.
      allowPrivilegeEscalation: true,
      capabilities: { ...containerSecurityContext.capabilities, add: ["SETGID", "SETUID"] },
    },
    volumeMounts: [
      { name: "cache", mountPath: "/home/user/.local/share/buildkit" },
      ...trust.volumeMounts,
    ],
  };
}
