/** Records of apps by name, as outputs hold them. */
export type Records = Record<string, unknown>;

/** A resource of a stack with its outputs. */
export interface ComponentOutputs {
  urn: string;
  type: string;
  outputs?: Record<string, unknown>;
}

const appType = "platform:app:App";

/**
 * The newest record of each app. A stack's own outputs are those of the last update in which everything
 * succeeded; each app's component has what was recorded of it alone, even if another app failed.
 * @param recorded what the stack's outputs hold; an app that they do not name has no older record.
 */
export function newestRecords(recorded: Records, components: readonly ComponentOutputs[]): Records {
  const own = components
    .filter(({ type, outputs }) => type === appType && outputs?.record !== undefined)
    .map(({ urn, outputs }) => [urn.split("::").at(-1) ?? urn, outputs?.record] as const)
    .filter(([app, record]) => changedAt(record) > changedAt(recorded[app]));
  return { ...recorded, ...Object.fromEntries(own) };
}

function changedAt(record: unknown): number {
  const { changedAt: at } = (record ?? {}) as { changedAt?: unknown };
  return typeof at === "string" ? Date.parse(at) : -Infinity;
}
