import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { objectLabels } from "../shared/labels";
import type { GatewayAddress, RouteFilter } from "../shared/gateway-api";
import { requestFilters, type RequestLimits } from "../shared/middlewares";
import { servicePort } from "./services";

interface Args extends RequestLimits {
  namespace: pulumi.Input<string>;
  /** Host names, beginning with the domain. */
  hosts: string[];
  /** Prefixes of the paths. */
  paths: string[];
  gateway: GatewayAddress;
  ingress: IngressArgs;
}

/** Settings of a plain Ingress for an app. */
export interface IngressArgs {
  /** Name of the IngressClass. */
  className: string;
  /** Secret of type kubernetes.io/tls in the app's namespace. Default: the gateway's certificate. */
  tlsSecret?: string;
}

const middlewaresAnnotation = "traefik.ingress.kubernetes.io/router.middlewares";

/** Returns the middlewares in the format of an Ingress annotation, because an Ingress has no filters. */
function chain(namespace: pulumi.Input<string>, filters: RouteFilter[]): pulumi.Output<string> {
  return pulumi
    .output([namespace, ...filters.map(({ extensionRef }) => extensionRef.name)])
    .apply(([own, ...names]) => names.map((name) => `${own}-${name}@kubernetescrd`).join(","));
}

/**
 * Declares the app's Ingress: every request goes to the stable release, because an Ingress cannot split
 * requests.
 */
export function appIngress(
  name: string,
  { namespace, hosts, paths, gateway, ingress: { className, tlsSecret }, ...limits }: Args,
  service: pulumi.Output<string>,
  parent: pulumi.Resource,
): k8s.networking.v1.Ingress {
  const metadata = { namespace, labels: objectLabels(name, "apps") };
  const filters = requestFilters(name, limits, { metadata, gateway }, parent);
  const backend = { service: { name: service, port: { number: servicePort } } };
  return new k8s.networking.v1.Ingress(
    name,
    {
      metadata: {
        name,
        ...metadata,
        annotations: {
          // Behind node ports no controller ever reports an address, which the engine would wait for.
          "pulumi.com/skipAwait": "true",
          ...(filters.length === 0 ? {} : { [middlewaresAnnotation]: chain(namespace, filters) }),
        },
      },
      spec: {
        ingressClassName: className,
        rules: hosts.map((host) => ({
          host,
          http: { paths: paths.map((path) => ({ path, pathType: "Prefix", backend })) },
        })),
        ...(tlsSecret === undefined ? {} : { tls: [{ hosts, secretName: tlsSecret }] }),
      },
    },
    { parent },
  );
}
