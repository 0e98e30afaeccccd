/** One thing that a process asks the API server for. */
export interface Need {
  group?: string;
  /** Resource with its subresource, for example `pods/log`. */
  resource: string;
  verbs: string[];
  /** Only there; in every namespace, or of no namespace, without it. */
  namespace?: string;
  /** Only the object of this name. */
  name?: string;
}

/** What the process behind a service account asks for, and the source that says so. */
export interface AccountNeeds {
  namespace: string;
  source: string;
  needs: Need[];
  /** Paths that it gets which are no resources. */
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
