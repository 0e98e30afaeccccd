import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ingressClassName } from "../../config";
import {
  gateway,
  gatewayClass,
  gatewayGroup,
  referenceGrant,
  type GatewayAddress,
} from "../shared/gateway-api";
import { declarePart, type PlatformContext } from "../shared/context";
import { objectLabels } from "../shared/labels";
import { closeNamespace } from "../shared/network-policy";
import { customResourceDefinitions, type CrdFile } from "../shared/crds";
import { slowUploadsWarning, hiddenClientsWarning } from "./clients";
import { listeners, uploadsListener, type TlsArgs } from "./listeners";
import type { Exposure } from "./services";
import { Traefik } from "./traefik";
import type { EntryTimeouts } from "./traefik-arguments";

const namespaceName = "gateway";

/** Arguments of {@link Gateway}. */
export interface GatewayArgs {
  /** Context of the stack. Namespaces of its environment can attach routes. */
  context: PlatformContext;
  /** Gateway API CRDs to install. Omit them if the cluster has them already. */
  crds?: CrdFile;
  /** Number of Traefik pods. */
  replicas: number;
  /** How clients outside the cluster reach the gateway. */
  exposure: Exposure;
  /** Address in the Gateway's status. Default: the address of the load balancer. */
  address?: string;
  /**
   * Address ranges of the load balancers and proxies in front of the gateway, by the way in which they pass on the
   * client's address. Default: none.
   */
  proxies?: { forwardedHeaders: string[]; proxyProtocol: string[] };
  /** Timeouts of the entry point, seconds. Default: 60 for reading a request, 180 for an idle connection. */
  timeouts?: EntryTimeouts;
  /** Namespaces of the parts that take uploads. Default: none. */
  uploading?: string[];
  /** Allow-lists and request limits, with the CRDs of Traefik to install. Default: off. */
  middlewares?: { crds?: CrdFile };
  /**
   * Client address ranges that can open the platform's web UIs, by the UI's route; `default` is for all others.
   * Default: all clients.
   */
  allow?: Record<string, string[] | undefined>;
  /** HTTPS settings. Default: HTTP only. */
  tls?: TlsArgs;
}

/** The HTTP entry point of an environment: Gateway API CRDs, Traefik, and one Gateway. */
export class Gateway extends pulumi.ComponentResource {
  /** Gateway that the environment's routes attach to. */
  readonly address: GatewayAddress;

  constructor(name: string, args: GatewayArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:gateway:Gateway", name, {}, opts);
    const { uploading = [], proxies = noProxies } = args;
    for (const warning of [
      hiddenClientsWarning({ exposure: args.exposure, proxies }),
      slowUploadsWarning(args.exposure, uploading),
    ]) {
      if (warning !== undefined) void pulumi.log.warn(warning, this);
    }
    const definitions = [args.crds, args.middlewares?.crds].flatMap((file) =>
      file === undefined ? [] : customResourceDefinitions(file, this),
    );
    // Pod Security allows host ports in privileged namespaces only.
    const podSecurity = args.exposure.type === "HostPort" ? "privileged" : "restricted";
    const { context } = args;
    const part = declarePart(namespaceName, { context, podSecurity }, this);
    const traefik = new Traefik(
      "traefik",
      {
        ...args,
        definitions,
        proxies,
        tls: args.tls !== undefined,
        redirectPort: redirectPort(args),
        timeouts: timeouts(args, uploading),
        middlewares: args.middlewares !== undefined,
      },
      part,
      { parent: this },
    );
    closeNamespace(part);
    ingressClass(this);
    if (args.tls?.namespace !== undefined) secretGrant(args.tls, args.tls.namespace, this);
    const entrance = this.entrance(args, part.namespace, definitions, traefik);
    this.address = {
      name: entrance.metadata.name,
      namespace: part.namespace,
      ...(args.middlewares === undefined
        ? {}
        : { clients: { forwardedBy: proxies.forwardedHeaders, allow: args.allow } }),
    };
    this.registerOutputs({ address: this.address });
  }

  private entrance(
    { context: { environment }, tls, exposure, uploading = [] }: GatewayArgs,
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
          listeners: [
            ...listeners(environment, tls),
            ...(exposure.uploads === undefined
              ? []
              : [uploadsListener(environment, tls, uploading)]),
          ],
        },
      },
      { parent: this, dependsOn: [traefik] },
    );
  }
}

const noProxies = { forwardedHeaders: [], proxyProtocol: [] };

/** Returns the port that HTTP is redirected to, as clients see it. */
function redirectPort({ tls, exposure }: GatewayArgs): number | undefined {
  if (tls?.redirect !== true) return undefined;
  return tls.port ?? (exposure.type === "LoadBalancer" ? 443 : exposure.https);
}

/** Without their own entry point, uploads remove the read timeout for all requests. */
function timeouts(
  { timeouts: given = { read: 60, idle: 180 }, exposure }: GatewayArgs,
  uploading: string[],
): EntryTimeouts {
  const common = uploading.length > 0 && exposure.uploads === undefined;
  return common ? { ...given, read: 0 } : given;
}

function issuerAnnotations({ issuer }: Partial<TlsArgs> = {}): Record<string, string> | undefined {
  if (issuer === undefined) return undefined;
  const key = issuer.kind === "ClusterIssuer" ? "cluster-issuer" : "issuer";
  return { [`cert-manager.io/${key}`]: issuer.name };
}

/** Lets the Gateway read one certificate of another namespace, and no others. */
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

/** IngressClass of plain Ingress objects; Traefik serves those that name it. */
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
