import { roleText } from "./texts";
import { describedRelease, type AppRecord } from "./record";
import { orderOf, splitOf } from "./shares";
import type { Situation } from "./situation";
import type { ReleaseId, ReleaseKey } from "./version";
import type { Weight } from "./weight";

/** How to undo an update by editing the config. */
export type Inverse =
  /** There is nothing to undo, or the former release is unknown. */
  | { kind: "none"; text: string }
  | {
      kind: "edit";
      stable: Required<ReleaseId>;
      canary?: Required<ReleaseId> & { weight: Weight };
      /** Releases that the update ends. Undoing it deploys them again, as new releases. */
      redeploys: ReleaseKey[];
      text: string;
    };

/** Returns the config edit that restores each release's share of the requests. */
export function inverseOf(situation: Situation): Inverse {
  const { record, change, template } = situation;
  if (record === undefined) return { kind: "none", text: "nothing is known about what ran before" };
  const moves = change.stable.kind !== "stay" || !["none", "keep"].includes(change.canary.kind);
  if (!moves) {
    const text =
      template.kind === "in-place"
        ? `restore the previous configuration: ${template.paths.join(", ")}`
        : "there is nothing to undo";
    return { kind: "none", text };
  }
  return edit(situation, record);
}

function edit({ retired, desired, change }: Situation, record: AppRecord): Inverse {
  const stable = idOf(record, record.stable);
  const after = splitOf(change.stableKey, change.canaryKey, desired.canary?.weight);
  const before = splitOf(record.stable, record.canary?.key, record.canary?.weight);
  // A change that cannot be undone in one update goes back without a share first.
  const atOnce = orderOf(after, before).excess === 0;
  const canary = record.canary && {
    ...idOf(record, record.canary.key),
    weight: atOnce ? record.canary.weight : (0 as const),
  };
  const roles = [record.stable, ...(record.canary === undefined ? [] : [record.canary.key])];
  const redeploys = roles.filter((key) => retired.includes(key));
  return {
    kind: "edit",
    stable,
    canary,
    redeploys,
    text: [
      `stable: ${roleText(stable)}`,
      canary === undefined ? "no canary" : `canary: ${roleText(canary, canary.weight)}`,
      ...(atOnce ? [] : [`then weight: ${before.weight} in a separate update`]),
      ...redeploys.map((key) => `${key} would be deployed again`),
    ].join(", "),
  };
}

function idOf(record: AppRecord, key: ReleaseKey): Required<ReleaseId> {
  const { version, revision } = describedRelease(record, key);
  return { version, revision };
}
