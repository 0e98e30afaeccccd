import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "../shared/context";
import { serviceAccount } from "../shared/service-account";

const read = ["get", "list", "watch"];

/** Kinds that Traefik's Gateway API provider watches, and whose status it writes. */
const routeKinds = ["gatewayclasses", "gateways", "httproutes", "grpcroutes", "backendtlspolicies"];

/** Traefik's own kinds. Its provider must be able to watch all of them before it serves any. */
const ownKinds = [
  "ingressroutes",
  "ingressroutetcps",
  "ingressrouteudps",
  "middlewares",
  "middlewaretcps",
  "serverstransports",
  "serverstransporttcps",
  "tlsoptions",
  "tlsstores",
  "traefikservices",
];

/** Declares Traefik's service account with the rights that its providers need. */
export function traefikAccount(
  part: Part,
  { middlewares }: { middlewares: boolean },
): pulumi.Output<string> {
  const gatewayApi = ["gateway.networking.k8s.io"];
  return serviceAccount(part, "traefik", {
    clusterRules: [
      { apiGroups: [""], resources: ["namespaces"], verbs: ["list", "watch"] },
      { apiGroups: [""], resources: ["services", "secrets", "configmaps"], verbs: read },
      // For plain Ingress objects: the nodes that accept traffic of a NodePort Service.
      { apiGroups: [""], resources: ["nodes"], verbs: read },
      {
        apiGroups: ["discovery.k8s.io"],
        resources: ["endpointslices"],
        verbs: ["list", "watch"],
      },
      { apiGroups: gatewayApi, resources: [...routeKinds, "referencegrants"], verbs: read },
      {
        apiGroups: gatewayApi,
        resources: routeKinds.map((kind) => `${kind}/status`),
        verbs: ["update"],
      },
      {
        apiGroups: ["networking.k8s.io"],
        resources: ["ingresses", "ingressclasses"],
        verbs: read,
      },
      { apiGroups: ["networking.k8s.io"], resources: ["ingresses/status"], verbs: ["update"] },
      ...(middlewares ? [{ apiGroups: ["traefik.io"], resources: ownKinds, verbs: read }] : []),
    ],
  });
}
