import type { Finding } from "../refusal";
import type { Situation } from "../situation";

/**
 * An app changes its namespace in a separate update: the number of pods follows from the shares in the former
 * namespace, and a canary would be compared with pods that have just started.
 */
export function moveAlone({ record, desired, change, move }: Situation): Finding[] {
  if (move === undefined) return [];
  const canary = record?.canary?.key ?? change.canaryKey;
  const message = `${desired.name} moves from namespace ${move.from} to ${move.to}`;
  if (canary !== undefined) {
    return [
      {
        rule: "move-alone",
        message: `${message} while ${canary} is the canary`,
        remedy: `promote or remove canary ${canary} first, and change the namespace in a separate update`,
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
