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
import { declarePart, type PartArgs } from "../shared/context";
import { objectLabels } from "../shared/labels";
import { closeNamespace } from "../shared/network-policy";
import { customResourceDefinitions } from "../shared/crds";
import { slowUploadsWarning, hiddenClientsWarning } from "./clients";
import { listeners, uploadsListener, type TlsArgs } from "./listeners";
import { Traefik } from "./traefik";
import type { EntryTimeouts } from "./traefik-arguments";

const namespaceName = "gateway";

/** Arguments of {@link Gateway}. */
export interface GatewayArgs extends PartArgs<"gateway"> {
  /** Namespaces of the parts that take uploads. Default: none. */
  uploading?: string[];
}

type Config = GatewayArgs["config"];

/**
 * The HTTP entry point of an environment: Gateway API CRDs, Traefik, and one Gateway. Namespaces of the context's
 * environment can attach routes.
 */
export class Gateway extends pulumi.ComponentResource {
  /** Gateway that the environment's routes attach to. */
  readonly address: GatewayAddress;

  constructor(name: string, args: GatewayArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:gateway:Gateway", name, {}, opts);
    const { context, config, uploading = [] } = args;
    const { exposure, middlewares, proxies, tls } = config;
    for (const warning of [
      hiddenClientsWarning({ exposure, proxies }),
      slowUploadsWarning(exposure, uploading),
    ]) {
      if (warning !== undefined) void pulumi.log.warn(warning, this);
    }
    const definitions = [config.crds, middlewares?.crds].flatMap((file) =>
      file === undefined ? [] : customResourceDefinitions(file, this),
    );
    // Pod Security allows host ports in privileged namespaces only.
    const podSecurity = exposure.type === "HostPort" ? "privileged" : "restricted";
    const part = declarePart(namespaceName, { context, podSecurity }, this);
    const traefik = new Traefik(
      "traefik",
      {
        ...config,
        definitions,
        tls: tls !== undefined,
        redirectPort: redirectPort(config),
        timeouts: timeouts(config, uploading),
        middlewares: middlewares !== undefined,
      },
      part,
      { parent: this },
    );
    closeNamespace(part);
    ingressClass(this);
    if (tls?.namespace !== undefined) secretGrant(tls, tls.namespace, this);
    const gatewayObject = this.declareGateway(args, part.namespace, definitions, traefik);
    this.address = {
      name: gatewayObject.metadata.name,
      namespace: part.namespace,
      ...(middlewares === undefined
        ? {}
        : { clients: { forwardedBy: proxies.forwardedHeaders, allow: config.allow } }),
    };
    this.registerOutputs({ address: this.address });
  }

  private declareGateway(
    { context: { environment }, config: { tls, exposure }, uploading = [] }: GatewayArgs,
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

/** Returns the port that HTTP is redirected to, as clients see it. */
function redirectPort({ tls, exposure }: Config): number | undefined {
  if (tls?.redirect !== true) return undefined;
  return tls.port ?? (exposure.type === "LoadBalancer" ? 443 : exposure.https);
}

/** Without their own entry point, uploads remove the read timeout for all requests. */
function timeouts({ timeouts: given, exposure }: Config, uploading: string[]): EntryTimeouts {
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
