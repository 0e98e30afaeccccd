import * as pulumi from "@pulumi/pulumi";
import type { Part } from "../shared/context";
import { environmentLabel } from "../shared/labels";
import { scratch, type PartContainer } from "../shared/pod-template";
import { deployment } from "../shared/workload";
import { traefikAccount } from "./rbac";
import { services, type Exposure } from "./services";
import {
  drainSeconds,
  entryPointPorts,
  traefikArguments,
  type TraefikArgumentsArgs,
} from "./traefik-arguments";

/** Arguments of {@link Traefik}. */
export interface TraefikArgs extends Omit<TraefikArgumentsArgs, "publishedService" | "uploads"> {
  /** Gateway API CRDs. Traefik's provider stops for good if they do not exist at its start. */
  definitions: pulumi.Resource[];
  /** Number of pods. */
  replicas: number;
  /** How clients outside the cluster reach the gateway. */
  exposure: Exposure;
}

const name = "traefik";

/** Traefik: one Deployment that serves every Gateway of its class. */
export class Traefik extends pulumi.ComponentResource {
  constructor(
    resourceName: string,
    args: TraefikArgs,
    gatewayPart: Part,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("platform:gateway:Traefik", resourceName, {}, opts);
    const part = { ...gatewayPart, parent: this };
    const { exposure, replicas } = args;
    const onHosts = exposure.type === "HostPort";
    deployment(part, {
      name,
      replicas,
      // With host ports, a new pod fits only where an old one has stopped.
      rollout: onHosts ? "in-place" : "surge",
      spread: onHosts ? "required" : "preferred",
      account: traefikAccount(part, args),
      user: 65532,
      metrics: { port: entryPointPorts.metrics, path: "/metrics" },
      containers: [container(args)],
      // Request bodies of apps with a body limit are buffered here while they are forwarded.
      volumes: [scratch("tmp", "2Gi")],
      network: {
        ingress: [{ from: "anywhere", ports: publicPorts(exposure) }],
        // Apps and web UIs listen on any port.
        egress: [
          {
            to: [{ namespaceSelector: { matchLabels: environmentOf(part) } }],
            ports: [{ protocol: "TCP" }],
          },
        ],
      },
      spec: {
        terminationGracePeriodSeconds: drainSeconds + 30,
      },
      dependsOn: args.definitions,
    });
    services(part, name, args);
    this.registerOutputs({});
  }
}

function environmentOf({ context }: Part): Record<string, string> {
  return { [environmentLabel]: context.environment };
}

function publicPorts({ uploads }: Exposure): number[] {
  const { web, websecure } = entryPointPorts;
  return [web, websecure, ...(uploads === undefined ? [] : [entryPointPorts.uploads])];
}

function container(args: TraefikArgs): PartContainer {
  const ping = { path: "/ping", port: entryPointPorts.ping };
  const { exposure } = args;
  const hostPorts: { http?: number; https?: number; uploads?: number } =
    exposure.type === "HostPort" ? exposure : {};
  const uploads = exposure.uploads !== undefined;
  const port = (entry: "web" | "websecure" | "uploads", hostPort: number | undefined) => ({
    name: entry,
    containerPort: entryPointPorts[entry],
    hostPort,
  });
  return {
    name,
    image: "traefik",
    args: traefikArguments({ ...args, uploads, publishedService: `gateway/${name}` }),
    ports: [
      port("web", hostPorts.http),
      port("websecure", hostPorts.https),
      ...(uploads ? [port("uploads", hostPorts.uploads)] : []),
      { name: "metrics", containerPort: entryPointPorts.metrics },
    ],
    livenessProbe: { httpGet: ping, periodSeconds: 10, failureThreshold: 3 },
    readinessProbe: { httpGet: ping, periodSeconds: 5, failureThreshold: 1 },
    resources: {
      requests: { cpu: "200m", memory: "128Mi" },
      limits: { cpu: "2", memory: "512Mi" },
    },
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  };
}
