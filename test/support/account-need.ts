/** A request of a process to the API server. */
export interface Need {
  group?: string;
  /** Resource with its subresource, for example `pods/log`. */
  resource: string;
  verbs: string[];
  /** Namespace. Default: all namespaces, or a cluster-scoped resource. */
  namespace?: string;
  /** Name of the object. Default: any. */
  name?: string;
}

/** Requests of the process behind a service account, and the source that shows them. */
export interface AccountNeeds {
  namespace: string;
  source: string;
  needs: Need[];
  /** Paths that it reads which are not resources. Default: none. */
  paths?: string[];
}

export const watch = ["list", "watch"];
export const read = ["get", ...watch];
export const need = (
  group: string,
  resources: string[],
  verbs: string[],
  more: Partial<Need> = {},
) => resources.map((resource): Need => ({ group, resource, verbs, ...more }));

export const extensionServer: Need[] = [
  ...need("authentication.k8s.io", ["tokenreviews"], ["create"]),
  ...need("authorization.k8s.io", ["subjectaccessreviews"], ["create"]),
  ...need("", ["configmaps"], ["get"], {
    namespace: "kube-system",
    name: "extension-apiserver-authentication",
  }),
];
export const leases = (namespace: string) =>
  need("coordination.k8s.io", ["leases"], ["get", "create", "update"], { namespace });
export const events = need("", ["events"], ["create", "patch"]);
