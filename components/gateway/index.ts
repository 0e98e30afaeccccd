import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  gateway,
  gatewayClass,
  gatewayGroup,
  referenceGrant,
  type GatewayAddress,
  type GatewaySpec,
} from "../shared/gateway-api";
import { environmentLabel, objectLabels } from "../shared/labels";
import { platformNamespace } from "../shared/namespace";
import type { PlacementRules } from "../shared/placement";
import { customResourceDefinitions, type CrdFile } from "../shared/crds";
import { Traefik, type Exposure } from "./traefik";
import { entryPointPorts, ingressClassName } from "./traefik-arguments";

const namespaceName = "gateway";

/** Arguments of {@link Gateway}. */
export interface GatewayArgs {
  /** Environment whose namespaces may attach routes. */
  environment: string;
  /** Gateway API definitions to install; left out where the cluster has them. */
  crds?: CrdFile;
  /** Traefik pods. */
  replicas: number;
  /** How clients outside of the cluster reach the gateway. */
  exposure: Exposure;
  /** HTTPS; without it only HTTP is served. */
  tls?: TlsArgs;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

/** How HTTPS is served. */
export interface TlsArgs {
  /** Secret of type kubernetes.io/tls. */
  secret: string;
  /** Namespace of the Secret; the gateway's own without it. */
  namespace?: string;
  /** Host names that are served with it, for example `*.example.com`; all without it. */
  hostname?: string;
  /** cert-manager's issuer, which makes and renews the Secret. */
  issuer?: { kind: "Issuer" | "ClusterIssuer"; name: string };
  /** Whether every HTTP request is sent on to HTTPS. */
  redirect: boolean;
}

/** The HTTP entrance of an environment: Gateway API definitions, Traefik, and one Gateway. */
export class Gateway extends pulumi.ComponentResource {
  /** Gateway that the environment's routes attach to. */
  readonly address: pulumi.Output<GatewayAddress>;

  constructor(name: string, args: GatewayArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:gateway:Gateway", name, {}, opts);
    const definitions = args.crds === undefined ? [] : customResourceDefinitions(args.crds, this);
    // Pod Security counts ports of the machine among what only a privileged namespace may have.
    const podSecurity = args.exposure.type === "HostPort" ? "privileged" : "restricted";
    const namespace = platformNamespace(namespaceName, this, args.environment, podSecurity);
    const redirectToHttps = args.tls?.redirect ?? false;
    const traefik = new Traefik(
      "traefik",
      { namespace, definitions, redirectToHttps, ...args },
      { parent: this },
    );
    ingressClass(this);
    if (args.tls?.namespace !== undefined) secretGrant(args.tls, args.tls.namespace, this);
    const entrance = this.entrance(args, namespace, definitions, traefik);
    this.address = pulumi.output({ name: entrance.metadata.name, namespace });
    this.registerOutputs({ address: this.address });
  }

  private entrance(
    { environment, tls }: GatewayArgs,
    namespace: pulumi.Output<string>,
    definitions: pulumi.Resource[],
    traefik: Traefik,
  ): k8s.apiextensions.CustomResource {
    const traefikClass = gatewayClass(
      "traefik",
      {
        metadata: { name: "traefik" },
        spec: { controllerName: "traefik.io/gateway-controller" },
      },
      { parent: this, dependsOn: definitions },
    );
    return gateway(
      environment,
      {
        metadata: {
          name: environment,
          namespace,
          labels: objectLabels("gateway", "gateway"),
          annotations: issuerAnnotations(tls),
        },
        spec: {
          gatewayClassName: traefikClass.metadata.name,
          listeners: listeners(environment, tls),
        },
      },
      { parent: this, dependsOn: [traefik] },
    );
  }
}

/** Listeners that namespaces of the environment, and no others, may attach routes to. */
function listeners(environment: string, tls: TlsArgs | undefined): GatewaySpec["listeners"] {
  const allowedRoutes = {
    namespaces: {
      from: "Selector" as const,
      selector: { matchLabels: { [environmentLabel]: environment } },
    },
  };
  const web = { name: "web", protocol: "HTTP" as const, port: entryPointPorts.web, allowedRoutes };
  if (tls === undefined) return [web];
  const { secret, namespace, hostname } = tls;
  const certificate = { group: "" as const, kind: "Secret" as const, name: secret, namespace };
  return [
    web,
    {
      name: "websecure",
      protocol: "HTTPS",
      port: entryPointPorts.websecure,
      hostname,
      allowedRoutes,
      tls: { mode: "Terminate", certificateRefs: [certificate] },
    },
  ];
}

function issuerAnnotations({ issuer }: Partial<TlsArgs> = {}): Record<string, string> | undefined {
  if (issuer === undefined) return undefined;
  const key = issuer.kind === "ClusterIssuer" ? "cluster-issuer" : "issuer";
  return { [`cert-manager.io/${key}`]: issuer.name };
}

/** Lets the Gateway read a certificate of another namespace, and only that one. */
function secretGrant(
  { secret }: TlsArgs,
  namespace: string,
  parent: pulumi.Resource,
): k8s.apiextensions.CustomResource {
  return referenceGrant(
    "gateway-certificate",
    {
      metadata: {
        name: "gateway-certificate",
        namespace,
        labels: objectLabels("gateway", "gateway"),
      },
      spec: {
        from: [{ group: gatewayGroup, kind: "Gateway", namespace: namespaceName }],
        to: [{ group: "", kind: "Secret", name: secret }],
      },
    },
    { parent },
  );
}

/** The class of plain Ingress objects; Traefik serves those that name it. */
function ingressClass(parent: pulumi.Resource): void {
  new k8s.networking.v1.IngressClass(
    ingressClassName,
    {
      metadata: { name: ingressClassName, labels: objectLabels("traefik", "gateway") },
      spec: { controller: "traefik.io/ingress-controller" },
    },
    { parent },
  );
}
