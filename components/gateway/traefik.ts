import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { imageReference, images } from "../shared/images";
import { objectLabels, selectorLabels } from "../shared/labels";
import { platformPlacement, type PlacementRules } from "../shared/placement";
import { containerSecurityContext, podSecurityContext, spread } from "../shared/pods";
import { traefikAccount } from "./rbac";

/** Ports of Traefik's container. Listeners of a Gateway name these, not the Service's. */
export const entryPointPorts = { web: 8000, websecure: 8443, ping: 8080, metrics: 9100 } as const;

/** How clients outside of the cluster reach the gateway. */
export type Exposure =
  | { type: "NodePort"; http: number; https: number }
  | { type: "LoadBalancer"; annotations: Record<string, string> };

/** Arguments of {@link Traefik}. */
export interface TraefikArgs {
  namespace: pulumi.Input<string>;
  /** Gateway API definitions; Traefik's provider for them stops for good when it starts before them. */
  definitions: pulumi.Resource[];
  replicas: number;
  exposure: Exposure;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

const name = "traefik";
const selector = selectorLabels(name);

/** Longer than the apps' own 10 s of draining, so that the gateway outlives what it forwards. */
const drainSeconds = 30;

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
    new k8s.core.v1.Service(name, serviceArgs(metadata, args.exposure), { parent: this });
    new k8s.policy.v1.PodDisruptionBudget(
      name,
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
      { parent: this },
    );
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
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: {
      metadata: { labels: { ...objectLabels(name, "gateway"), ...selector } },
      spec: {
        serviceAccountName,
        securityContext: { ...podSecurityContext, runAsUser: 65532, runAsGroup: 65532 },
        terminationGracePeriodSeconds: drainSeconds + 30,
        ...spread(selector),
        ...platformPlacement(args.placement),
        containers: [container(args)],
        volumes: [{ name: "tmp", emptyDir: {} }],
      },
    },
  };
}

function container(args: TraefikArgs): k8s.types.input.core.v1.Container {
  const ping = { path: "/ping", port: entryPointPorts.ping };
  return {
    name,
    image: imageReference(images.traefik, args.imageMirror),
    args: [
      ...Object.entries(entryPoints).map(
        ([entry, port]) => `--entryPoints.${entry}.address=:${port}/tcp`,
      ),
      `--entryPoints.web.transport.lifeCycle.requestAcceptGraceTimeout=${drainSeconds / 3}s`,
      `--entryPoints.web.transport.lifeCycle.graceTimeOut=${drainSeconds}s`,
      `--entryPoints.websecure.transport.lifeCycle.requestAcceptGraceTimeout=${drainSeconds / 3}s`,
      `--entryPoints.websecure.transport.lifeCycle.graceTimeOut=${drainSeconds}s`,
      "--ping=true",
      "--providers.kubernetesgateway=true",
      "--metrics.prometheus=true",
      "--metrics.prometheus.entryPoint=metrics",
      "--accesslog=true",
      "--accesslog.format=json",
      "--global.checkNewVersion=false",
      "--global.sendAnonymousUsage=false",
    ],
    ports: [
      { name: "web", containerPort: entryPointPorts.web },
      { name: "websecure", containerPort: entryPointPorts.websecure },
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

/** Traefik calls the entry point of its own pages "traefik"; the ping probe stands there. */
const entryPoints = {
  web: entryPointPorts.web,
  websecure: entryPointPorts.websecure,
  traefik: entryPointPorts.ping,
  metrics: entryPointPorts.metrics,
};

function serviceArgs(
  metadata: k8s.types.input.meta.v1.ObjectMeta,
  exposure: Exposure,
): k8s.core.v1.ServiceArgs {
  const nodePorts: { http?: number; https?: number } = exposure.type === "NodePort" ? exposure : {};
  return {
    metadata: {
      ...metadata,
      ...(exposure.type === "LoadBalancer" ? { annotations: exposure.annotations } : {}),
    },
    spec: {
      type: exposure.type,
      selector,
      ports: [
        { name: "web", port: 80, targetPort: "web", nodePort: nodePorts.http },
        { name: "websecure", port: 443, targetPort: "websecure", nodePort: nodePorts.https },
      ],
    },
  };
}
