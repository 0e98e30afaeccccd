import type { State, StateResource } from "../../engine/state";

/** Types of random values, and what the engine needs to use them: their provider, and the stack itself. */
const kept = [/^random:/, /^pulumi:providers:random$/, /^pulumi:pulumi:Stack$/];

/**
 * Returns the part of a state with random values: passwords and keys. A second stack that starts with it declares
 * exactly the same objects, so that only the plugins can make a difference.
 */
export function seedOf(state: State): State {
  const resources = state.deployment.resources ?? [];
  const isKept = ({ type, custom }: StateResource) =>
    // A component has no object in the cluster, and random values are its children.
    !custom || kept.some((pattern) => pattern.test(type));
  const urns = new Set(resources.filter(isKept).map(({ urn }) => urn));
  return {
    ...state,
    deployment: {
      ...state.deployment,
      resources: resources.filter(isKept).map((resource) => withKnown(resource, urns)),
    },
  };
}

function withKnown(resource: StateResource, urns: ReadonlySet<string>): StateResource {
  const known = (list: readonly string[] | null | undefined) =>
    (list ?? []).filter((urn) => urns.has(urn));
  return {
    ...resource,
    // The record of releases belongs to the update that declares them.
    ...(resource.type === "pulumi:pulumi:Stack" ? { outputs: {} } : {}),
    dependencies: known(resource.dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies ?? {}).map(([key, list]) => [key, known(list)]),
    ),
  };
}
