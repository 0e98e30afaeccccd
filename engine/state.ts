/** A resource in a stack's state; fields that are not read here are preserved. */
export interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  parent?: string;
  /** URN and ID of its provider. */
  provider?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** Why it was not ready when it was last updated or read; the next update waits for it again. */
  initErrors?: string[];
  /** True if a new resource has already replaced it. */
  delete?: boolean;
  /** True if it was deleted and its replacement does not exist yet. */
  pendingReplacement?: boolean;
  /** Whether the object stays in the cluster when the engine deletes the resource. */
  retainOnDelete?: boolean;
}

/** An operation that was interrupted. */
export interface PendingOperation {
  /** `creating`, `updating`, `deleting`, `reading` or `importing`. */
  type: string;
  resource: StateResource;
}

/** A stack's state in the format of `pulumi stack export`. */
export interface State {
  version: number;
  deployment: { resources?: StateResource[]; pending_operations?: PendingOperation[] };
}

/** A resource that exists, with its ID, but was not recorded by an update. */
export interface Adopted {
  resource: StateResource;
  id: string;
}

/**
 * Returns the interrupted operations, the latest one first. The engine lists an operation again after each further
 * interruption.
 */
export function pendingOperations({ deployment }: State): PendingOperation[] {
  const seen = new Set<string>();
  return (deployment.pending_operations ?? []).filter(({ type, resource }) => {
    const key = `${type} ${resource.urn} ${objectId(resource) ?? ""}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Returns the resources of a state without those that an update has replaced and the next one deletes. */
export function presentResources({ deployment }: State): StateResource[] {
  return (deployment.resources ?? []).filter((resource) => resource.delete !== true);
}

/** Returns the outputs of a stack's last successful update; empty before the first one. Secrets are encrypted. */
export function outputsIn({ deployment }: State): Record<string, unknown> {
  const root = (deployment.resources ?? []).find(({ type }) => type === "pulumi:pulumi:Stack");
  return root?.outputs ?? {};
}

/**
 * Whether a later update has recorded the resource. While the engine creates an object in another namespace, or under
 * another name, the resource is recorded as the former object, and not yet as one to delete.
 */
export function isRecorded({ deployment }: State, resource: StateResource): boolean {
  return (deployment.resources ?? []).some(
    (known) =>
      known.delete !== true && known.pendingReplacement !== true && isSameObject(known, resource),
  );
}

/** Whether two states of a resource are about one object: they have the same URN, namespace and name. */
function isSameObject(known: StateResource, resource: StateResource): boolean {
  if (known.urn !== resource.urn) return false;
  const [one, other] = [objectId(known), objectId(resource)];
  // The inputs of a resource without an ID may be encrypted.
  return one === undefined || other === undefined || one === other;
}

/** Returns `namespace/name` of the object that a resource asks for; its ID if its inputs do not say. */
function objectId({ inputs, id }: StateResource): string | undefined {
  const { name, namespace } = (inputs?.["metadata"] ?? {}) as {
    name?: unknown;
    namespace?: unknown;
  };
  if (typeof name !== "string") return id;
  return typeof namespace === "string" ? `${namespace}/${name}` : name;
}

/** Whether a resource belongs to an app. */
export function isOfApp(urn: string): boolean {
  return urn.includes("::platform:app:");
}

/** Returns the resources that belong to no app and were not ready when they were last updated or read. */
export function unreadyPlatform({ deployment }: State): StateResource[] {
  return (deployment.resources ?? []).filter(
    ({ urn, initErrors = [] }) => initErrors.length > 0 && !isOfApp(urn),
  );
}

/** Returns the Deployments of apps that were not ready when they were last updated or read. */
export function unreadyDeployments({ deployment }: State): StateResource[] {
  return (deployment.resources ?? []).filter(
    ({ urn, type, initErrors = [] }) =>
      initErrors.length > 0 && isOfApp(urn) && type === "kubernetes:apps/v1:Deployment",
  );
}

/**
 * Returns the resources that are recorded as deleted, and to be created again, although their objects stay in the
 * cluster: a failed update tried to replace them. No update could create them again.
 */
export function keptReplacements({ deployment }: State): StateResource[] {
  return (deployment.resources ?? []).filter(isKeptReplacement);
}

function isKeptReplacement({ pendingReplacement, retainOnDelete }: StateResource): boolean {
  return pendingReplacement === true && retainOnDelete === true;
}

/** Returns the resource as one that exists; a refresh removes it if it does not. */
function asPresent(resource: StateResource): StateResource {
  return isKeptReplacement(resource) ? { ...resource, pendingReplacement: false } : resource;
}

/**
 * Returns the state without pending operations, with resources that exist as such, and with the resources that they
 * have created. Where such a resource is recorded as another object, the next update deletes that one.
 * @param adopted the latest one first, as {@link pendingOperations} returns them.
 */
export function withoutPendingOperations(state: State, adopted: readonly Adopted[]): State {
  const urns = new Set(adopted.map(({ resource }) => resource.urn));
  const isReplaced = (known: StateResource) =>
    adopted.some(
      ({ resource: { urn }, id }) =>
        urn === known.urn &&
        (known.pendingReplacement === true || (known.delete === true && objectId(known) === id)),
    );
  const kept = (state.deployment.resources ?? [])
    .filter((known) => !isReplaced(known))
    .map((known) => (urns.has(known.urn) ? { ...known, delete: true } : asPresent(known)));
  const recorded = adopted.map((each, index) => ({
    ...asRecorded(each, kept),
    // Of several objects of one resource, the engine accepts one that stays.
    ...(adopted.findIndex(({ resource: { urn } }) => urn === each.resource.urn) < index && {
      delete: true,
    }),
  }));
  return {
    ...state,
    deployment: {
      ...state.deployment,
      resources: inOrder([...kept, ...recorded]),
      pending_operations: [],
    },
  };
}

/** Returns the resources with dependencies before their dependents, as the engine requires. */
function inOrder(resources: readonly StateResource[]): StateResource[] {
  const byUrn = new Map<string, StateResource[]>();
  for (const resource of resources)
    byUrn.set(resource.urn, [...(byUrn.get(resource.urn) ?? []), resource]);
  const ordered = new Set<StateResource>();
  const visited = new Set<StateResource>();
  const visit = (resource: StateResource) => {
    if (visited.has(resource)) return;
    visited.add(resource);
    for (const urn of dependenciesOf(resource)) {
      const known = byUrn.get(urn) ?? [];
      // Of several objects of one resource, any one suffices.
      if (!known.some((each) => visited.has(each))) known.forEach(visit);
    }
    ordered.add(resource);
  };
  resources.forEach(visit);
  return [...ordered];
}

function dependenciesOf(resource: StateResource): string[] {
  const { parent, provider, dependencies = [], propertyDependencies = {} } = resource;
  return [
    ...(parent === undefined ? [] : [parent]),
    ...(provider === undefined ? [] : [providerUrn(provider)]),
    ...dependencies,
    ...Object.values(propertyDependencies).flatMap((urns) => urns ?? []),
  ];
}

/** Returns a resource as an update would have recorded it; the next refresh adds its outputs. */
function asRecorded({ resource, id }: Adopted, known: readonly StateResource[]): StateResource {
  const urns = new Set(known.map(({ urn }) => urn));
  const root = known.find(({ type }) => type === "pulumi:pulumi:Stack");
  const present = (list: string[] | null | undefined) => (list ?? []).filter((it) => urns.has(it));
  const { parent, provider, dependencies, propertyDependencies = {} } = resource;
  return {
    ...resource,
    id,
    outputs: {},
    // A later update may have deleted its parent.
    parent: parent !== undefined && urns.has(parent) ? parent : root?.urn,
    provider: presentProvider(provider, known),
    dependencies: present(dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([field, on]) => [field, present(on)]),
    ),
  };
}

/** A replaced provider keeps its URN, but gets a new ID. */
function presentProvider(
  reference: string | undefined,
  known: readonly StateResource[],
): string | undefined {
  const urn = reference && providerUrn(reference);
  const found = known.find((each) => each.urn === urn && each.delete !== true);
  return found === undefined ? reference : `${found.urn}::${found.id}`;
}

/** Returns the URN in `<URN>::<ID>`. */
function providerUrn(reference: string): string {
  return reference.split("::").slice(0, -1).join("::");
}
