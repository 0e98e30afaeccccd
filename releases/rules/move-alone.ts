import type { Finding } from "../refusal";
import type { Situation } from "../situation";

/**
 * An app changes its namespace in an update of its own: the pods of its releases are counted by the shares
 * that they have in the former namespace, and a canary would be measured with pods that just started.
 */
export function moveAlone({ record, desired, change, move }: Situation): Finding[] {
  if (move === undefined) return [];
  const canary = record?.canary?.key ?? change.canaryKey;
  const message = `${desired.name} moves from namespace ${move.from} to ${move.to}`;
  if (canary !== undefined) {
    return [
      {
        rule: "move-alone",
        message: `${message} while ${canary} is canary`,
        remedy: `promote or remove canary ${canary} first, and change the namespace in an update of its own`,
      },
    ];
  }
  if (change.stable.kind === "stay") return [];
  return [
    {
      rule: "move-alone",
      message: `${message}, and stable changes as well`,
      remedy: `keep stable ${record?.stable ?? change.stableKey} in the update that changes the namespace`,
    },
  ];
}
