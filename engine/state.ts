/** A resource of a stack's state; what is not read here is kept as it is. */
export interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  parent?: string;
  /** URN and id of its provider. */
  provider?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** What it lacked to be ready when it was last updated or read: an update waits for it again. */
  initErrors?: string[];
  /** Set where a new resource has taken its place already. */
  delete?: boolean;
  /** Set where it is gone, and the one in its place was not made yet. */
  pendingReplacement?: boolean;
}

/** Something that an update had begun and not ended when it was interrupted. */
export interface PendingOperation {
  /** `creating`, `updating`, `deleting`, `reading` or `importing`. */
  type: string;
  resource: StateResource;
}

/** A stack's state, as `pulumi stack export` prints it. */
export interface State {
  version: number;
  deployment: { resources?: StateResource[]; pending_operations?: PendingOperation[] };
}

/** A resource that was made, and its id, though no update recorded it. */
export interface Adopted {
  resource: StateResource;
  id: string;
}

/** What was interrupted. The engine lists an operation again after each further interruption. */
export function pendingOperations({ deployment }: State): PendingOperation[] {
  const seen = new Set<string>();
  return (deployment.pending_operations ?? []).filter(({ type, resource }) => {
    const key = `${type} ${resource.urn}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Whether an update has recorded the resource since, so that it is known like any other. */
export function isRecorded({ deployment }: State, urn: string): boolean {
  return (deployment.resources ?? []).some(
    (known) => known.urn === urn && known.delete !== true && known.pendingReplacement !== true,
  );
}

/** Whether a resource belongs to an app. */
export function isOfApp(urn: string): boolean {
  return urn.includes("::platform:app:");
}

/** What is no app's, and was not ready when it was last updated or read. */
export function unreadyPlatform({ deployment }: State): StateResource[] {
  return (deployment.resources ?? []).filter(
    ({ urn, initErrors = [] }) => initErrors.length > 0 && !isOfApp(urn),
  );
}

/** The state without pending operations, and with the resources that they turned out to have made. */
export function settled(state: State, adopted: readonly Adopted[]): State {
  const urns = new Set(adopted.map(({ resource }) => resource.urn));
  const kept = (state.deployment.resources ?? []).filter(
    ({ urn, pendingReplacement }) => !(pendingReplacement === true && urns.has(urn)),
  );
  return {
    ...state,
    deployment: {
      ...state.deployment,
      // The engine wants what a resource depends on before it.
      resources: [...kept, ...adopted.map((each) => asRecorded(each, kept))],
      pending_operations: [],
    },
  };
}

/** A resource as an update would have recorded it; its outputs come with the refresh that follows. */
function asRecorded({ resource, id }: Adopted, known: readonly StateResource[]): StateResource {
  const urns = new Set(known.map(({ urn }) => urn));
  const root = known.find(({ type }) => type === "pulumi:pulumi:Stack");
  const present = (list: string[] | null | undefined) => (list ?? []).filter((it) => urns.has(it));
  const { parent, provider, dependencies, propertyDependencies = {} } = resource;
  return {
    ...resource,
    id,
    outputs: {},
    // A later update may have taken away what it belonged to.
    parent: parent !== undefined && urns.has(parent) ? parent : root?.urn,
    provider: presentProvider(provider, known),
    dependencies: present(dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([field, on]) => [field, present(on)]),
    ),
  };
}

/** A provider keeps its URN when it is made anew, and not its id. */
function presentProvider(
  reference: string | undefined,
  known: readonly StateResource[],
): string | undefined {
  const urn = reference?.split("::").slice(0, -1).join("::");
  const found = known.find((each) => each.urn === urn && each.delete !== true);
  return found === undefined ? reference : `${found.urn}::${found.id}`;
}
