import type { AppRecord } from "./record";
import type { DesiredApp } from "./types";

/** The change of an app's namespace: all of its objects are created again in another namespace. */
export interface NamespaceMove {
  from: string;
  to: string;
  /** Address of its Service in the former namespace, which stops answering. A worker has none. */
  address?: string;
  /** Apps that call it by that address, without the gateway. */
  callers?: readonly string[];
}

/**
 * Returns the change of an app's namespace; undefined if it does not change, or if one of the namespaces is
 * unknown.
 */
export function namespaceMove(
  record: Pick<AppRecord, "namespace"> | undefined,
  {
    name,
    namespace: to,
    sharesPods = false,
    callers = [],
  }: Pick<DesiredApp, "name" | "namespace" | "sharesPods" | "callers">,
): NamespaceMove | undefined {
  const from = record?.namespace;
  if (from === undefined || to === undefined || from === to) return undefined;
  if (sharesPods) return { from, to };
  return { from, to, address: `http://${name}-stable.${from}`, callers };
}

/**
 * Returns what happens to an app's address in a move, and which apps must be changed first; undefined for a
 * worker.
 */
export function lostAddressText({ address, callers = [] }: NamespaceMove): string | undefined {
  if (address === undefined) return undefined;
  const by = callers.length === 0 ? "" : ` (it is called by ${callers.join(", ")})`;
  return `${address} no longer answers afterwards${by}: apps that use this address must use the app's domain before the move`;
}
