/** Records of apps by name, as in a stack's outputs. */
export type Records = Record<string, unknown>;

/** A resource of a stack with its outputs. */
export interface ComponentOutputs {
  urn: string;
  type: string;
  outputs?: Record<string, unknown>;
}

const appType = "platform:app:App";

/**
 * Returns the newest record of each app. A stack's own outputs are those of the last update in which everything
 * succeeded. Each app's component contains the record of that app alone, even if another app failed.
 * @param recorded the stack's outputs; an app that they do not contain has no older record.
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
