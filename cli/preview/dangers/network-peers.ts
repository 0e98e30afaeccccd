import { contains } from "../../../config/addresses";
import { listAt } from "../../../config/fields";
import { isMap } from "../../../config/is-map";
import { isSame } from "./fields";

/** Ports of one protocol; all of them if there are no numbers. */
export interface Ports {
  protocol: string;
  from: string | number | undefined;
  until: number | undefined;
}

/** One allowed connection: peers and ports. Undefined means all. */
export interface Opening {
  peer: Record<string, unknown> | undefined;
  port: Ports | undefined;
}

/** Returns the peers of a rule. A rule without peers allows all. */
export function peersOf(rule: unknown, field: "from" | "to"): Opening["peer"][] {
  const peers = listAt(rule, field).filter(isMap);
  return peers.length === 0 ? [undefined] : peers;
}

/** Returns the ports of a rule. A rule without ports allows all. */
export function portsOf(rule: unknown): Opening["port"][] {
  const ports = listAt(rule, "ports").filter(isMap);
  if (ports.length === 0) return [undefined];
  return ports.map(({ protocol = "TCP", port, endPort }) => ({
    protocol: String(protocol),
    from: typeof port === "string" || typeof port === "number" ? port : undefined,
    until: typeof endPort === "number" ? endPort : undefined,
  }));
}

/** Whether the first allows everything that the second allows, as far as the texts show it. */
export function covers(wide: Opening, narrow: Opening): boolean {
  return coversPeer(wide.peer, narrow.peer) && coversPorts(wide.port, narrow.port);
}

function coversPorts(wide: Opening["port"], narrow: Opening["port"]): boolean {
  if (wide === undefined) return true;
  if (narrow?.protocol !== wide.protocol) return false;
  if (wide.from === undefined) return true;
  if (typeof wide.from === "string" || typeof narrow.from !== "number") {
    return wide.from === narrow.from;
  }
  return narrow.from >= wide.from && (narrow.until ?? narrow.from) <= (wide.until ?? wide.from);
}

function coversPeer(wide: Opening["peer"], narrow: Opening["peer"]): boolean {
  if (wide === undefined) return true;
  if (narrow === undefined) return false;
  const [block, other] = [wide.ipBlock, narrow.ipBlock];
  if (isMap(block) && isMap(other)) {
    const except = (of: unknown) => listAt(of, "except");
    return (
      contains(String(block.cidr), String(other.cidr)) &&
      except(block).every(
        (hole) =>
          except(other).some((deeper) => contains(String(deeper), String(hole))) ||
          !contains(String(other.cidr), String(hole)),
      )
    );
  }
  return (
    coversSelector(wide.namespaceSelector, narrow.namespaceSelector, false) &&
    coversSelector(wide.podSelector, narrow.podSelector, true) &&
    block === undefined &&
    other === undefined
  );
}

/**
 * Whether a selector selects everything that another one selects.
 * @param noneIsAll whether a missing selector selects everything, as a pod selector next to a namespace
 * selector does.
 */
function coversSelector(wide: unknown, narrow: unknown, noneIsAll: boolean): boolean {
  if (wide === undefined) return noneIsAll || narrow === undefined;
  if (!isMap(wide)) return false;
  if (narrow === undefined) return noneIsAll && Object.keys(wide).length === 0;
  if (!isMap(narrow)) return false;
  const labels = Object.entries(isMap(wide.matchLabels) ? wide.matchLabels : {});
  const others = isMap(narrow.matchLabels) ? narrow.matchLabels : {};
  return (
    labels.every(([key, value]) => others[key] === value) &&
    listAt(wide, "matchExpressions").every((it) =>
      listAt(narrow, "matchExpressions").some((other) => isSame(it, other)),
    )
  );
}
