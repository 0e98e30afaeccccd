import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { disruptionBudget } from "../shared/budget";
import { imageReference, images } from "../shared/images";
import { objectLabels, selectorLabels } from "../shared/labels";
import { platformPlacement, type PlacementRules } from "../shared/placement";
import { containerSecurityContext, runsAs, scraped, spread } from "../shared/pods";
import { declareService, type DeclaredServiceArgs } from "../shared/service";
import { traefikAccount } from "./rbac";
import { drainSeconds, entryPointPorts, traefikArguments } from "./traefik-arguments";

/** How clients outside of the cluster reach the gateway. */
export type Exposure =
  | { type: "NodePort"; http: number; https: number }
  | { type: "LoadBalancer"; annotations: Record<string, string> }
  /** Ports of the machines that Traefik runs on, one pod each. */
  | { type: "HostPort"; http: number; https: number };

/** Arguments of {@link Traefik}. */
export interface TraefikArgs {
  namespace: pulumi.Input<string>;
  /** Gateway API definitions; Traefik's provider for them stops for good when it starts before them. */
  definitions: pulumi.Resource[];
  replicas: number;
  exposure: Exposure;
  /** Whether every HTTP request is sent on to HTTPS. */
  redirectToHttps: boolean;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

const name = "traefik";
const selector = selectorLabels(name);

/** Traefik: one Deployment that serves every Gateway of its class. */
export class Traefik extends pulumi.ComponentResource {
  constructor(resourceName: string, args: TraefikArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:gateway:Traefik", resourceName, {}, opts);
    const account = traefikAccount(args.namespace, this);
    const metadata = { name, namespace: args.namespace, labels: objectLabels(name, "gateway") };
    new k8s.apps.v1.Deployment(
      name,
      { metadata, spec: deploymentSpec(args, account) },
      { parent: this, dependsOn: args.definitions },
    );
    declareService(name, serviceArgs(metadata, args.exposure), { parent: this });
    disruptionBudget(name, metadata, selector, this);
    this.registerOutputs({});
  }
}

function deploymentSpec(
  args: TraefikArgs,
  serviceAccountName: pulumi.Output<string>,
): k8s.types.input.apps.v1.DeploymentSpec {
  return {
    replicas: args.replicas,
    selector: { matchLabels: selector },
    strategy: { type: "RollingUpdate", rollingUpdate: rollout(args.exposure) },
    template: {
      metadata: {
        labels: { ...objectLabels(name, "gateway"), ...selector },
        annotations: scraped(entryPointPorts.metrics, "/metrics"),
      },
      spec: {
        serviceAccountName,
        securityContext: runsAs(65532),
        terminationGracePeriodSeconds: drainSeconds + 30,
        // Two pods cannot have one port of one machine.
        ...spread(selector, args.exposure.type === "HostPort" ? "required" : "preferred"),
        ...platformPlacement(args.placement),
        containers: [container(args)],
        volumes: [{ name: "tmp", emptyDir: {} }],
      },
    },
  };
}

/** With ports of the machine a new pod fits only where an old one has gone. */
function rollout({ type }: Exposure): { maxUnavailable: number; maxSurge: number } {
  return type === "HostPort"
    ? { maxUnavailable: 1, maxSurge: 0 }
    : { maxUnavailable: 0, maxSurge: 1 };
}

function container(args: TraefikArgs): k8s.types.input.core.v1.Container {
  const ping = { path: "/ping", port: entryPointPorts.ping };
  const { exposure } = args;
  const hostPorts: { http?: number; https?: number } = exposure.type === "HostPort" ? exposure : {};
  return {
    name,
    image: imageReference(images.traefik, args.imageMirror),
    args: traefikArguments({ ...args, publishedService: `gateway/${name}` }),
    ports: [
      { name: "web", containerPort: entryPointPorts.web, hostPort: hostPorts.http },
      { name: "websecure", containerPort: entryPointPorts.websecure, hostPort: hostPorts.https },
      { name: "metrics", containerPort: entryPointPorts.metrics },
    ],
    livenessProbe: { httpGet: ping, periodSeconds: 10, failureThreshold: 3 },
    readinessProbe: { httpGet: ping, periodSeconds: 5, failureThreshold: 1 },
    resources: {
      requests: { cpu: "200m", memory: "128Mi" },
      limits: { cpu: "2", memory: "512Mi" },
    },
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  };
}

function serviceArgs(
  metadata: DeclaredServiceArgs["metadata"],
  exposure: Exposure,
): DeclaredServiceArgs {
  const nodePorts: { http?: number; https?: number } = exposure.type === "NodePort" ? exposure : {};
  const annotations = exposure.type === "LoadBalancer" ? exposure.annotations : {};
  return {
    metadata: { ...metadata, annotations },
    spec: {
      // By host ports the machines themselves are the way in.
      type: exposure.type === "HostPort" ? "ClusterIP" : exposure.type,
      selector,
      ports: [
        { name: "web", port: 80, targetPort: "web", nodePort: nodePorts.http },
        { name: "websecure", port: 443, targetPort: "websecure", nodePort: nodePorts.https },
      ],
    },
  };
}
