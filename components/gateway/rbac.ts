import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

const name = "traefik";
const read = ["get", "list", "watch"];

/** What Traefik's Gateway API provider watches, and whose status it writes. */
const routeKinds = ["gatewayclasses", "gateways", "httproutes", "grpcroutes", "backendtlspolicies"];

/** The service account of Traefik with the rights its providers need. */
export function traefikAccount(
  namespace: pulumi.Input<string>,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const account = new k8s.core.v1.ServiceAccount(
    name,
    { metadata: { name, namespace } },
    { parent },
  );
  const role = new k8s.rbac.v1.ClusterRole(
    name,
    {
      metadata: { name },
      rules: [
        { apiGroups: [""], resources: ["namespaces"], verbs: ["list", "watch"] },
        { apiGroups: [""], resources: ["services", "secrets", "configmaps"], verbs: read },
        {
          apiGroups: ["discovery.k8s.io"],
          resources: ["endpointslices"],
          verbs: ["list", "watch"],
        },
        {
          apiGroups: ["gateway.networking.k8s.io"],
          resources: [...routeKinds, "referencegrants"],
          verbs: read,
        },
        {
          apiGroups: ["gateway.networking.k8s.io"],
          resources: routeKinds.map((kind) => `${kind}/status`),
          verbs: ["update"],
        },
      ],
    },
    { parent },
  );
  new k8s.rbac.v1.ClusterRoleBinding(
    name,
    {
      metadata: { name },
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: role.metadata.name,
      },
      subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace }],
    },
    { parent },
  );
  return account.metadata.name;
}
