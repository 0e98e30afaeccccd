import type { Found } from "./cluster";
import {
  isRecorded,
  pendingOperations,
  type PendingOperation,
  type State,
  type StateResource,
} from "../../engine/state";

/** An interrupted operation, and how it is resolved. */
export interface Judged {
  operation: PendingOperation;
  /** ID of an object that was created and not recorded. */
  id?: string;
  /** What is done about it, as a sentence. */
  text: string;
}

/**
 * Decides about every interrupted operation of a stack.
 * @param find looks up the object of a resource.
 */
export async function judgeOperations(
  state: State,
  find: (resource: StateResource) => Promise<Found>,
): Promise<Judged[]> {
  const operations: Judged[] = [];
  for (const operation of pendingOperations(state)) {
    operations.push({ operation, ...(await judge(state, operation, find)) });
  }
  return operations;
}

/** Maximum number of operations in one line. */
const maxNamed = 5;

/**
 * Returns why the result of an update cannot be predicted, and what to do; undefined if no operation was
 * interrupted.
 */
export function interruptedText(stack: string, state: State): string | undefined {
  const operations = pendingOperations(state);
  if (operations.length === 0) return undefined;
  const names = operations.map(({ type, resource }) => `${type} ${nameOf(resource)}`);
  const more = names.length - maxNamed;
  const named = `${names.slice(0, maxNamed).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return (
    `An update of stack "${stack}" was interrupted, or is still running (${named}): its state may differ from the cluster. ` +
    `${recoverText(stack)}.`
  );
}

/** Returns what to do after no update is in progress. */
export function recoverText(stack: string): string {
  return `If no update is running: npx platform recover ${stack}`;
}

/**
 * Returns what was interrupted, a line for each operation.
 * @param kept resources that a failed update could not replace, because their objects stay in the cluster.
 */
export function textOf(
  stack: string,
  operations: readonly Judged[],
  kept: readonly StateResource[] = [],
): string {
  if (operations.length + kept.length === 0) {
    return `Stack "${stack}": no operation was interrupted; its state is compared with the cluster.`;
  }
  const lines = operations.map(
    ({ operation: { type, resource }, text }) => `  ${type} ${nameOf(resource)}: ${text}`,
  );
  const stay = kept.map(
    (resource) =>
      `  replacing ${nameOf(resource)}: it stays in the cluster, and its former record is restored`,
  );
  return [`An update of stack "${stack}" was interrupted while`, ...lines, ...stay].join("\n");
}

async function judge(
  state: State,
  { type, resource }: PendingOperation,
  find: (resource: StateResource) => Promise<Found>,
): Promise<Pick<Judged, "id" | "text">> {
  if (type !== "creating") return { text: "it is read again" };
  if (isRecorded(state, resource)) return { text: "a later update has created it" };
  // Generated values such as passwords exist only in the state.
  if (!resource.type.startsWith("kubernetes:")) return { text: "it is created again when needed" };
  const found = await find(resource);
  switch (found.kind) {
    case "made":
      return { id: found.id, text: "it is in the cluster, and is added to the state" };
    case "foreign":
      return { text: "the cluster has one that something else created; it is left as it is" };
    case "absent":
      return { text: "it is not in the cluster" };
  }
}

/** `Deployment shop-1-6-0`, as the engine names it. */
function nameOf({ urn, type }: StateResource): string {
  return `${type.split(":").at(-1)} ${urn.split("::").at(-1)}`;
}
