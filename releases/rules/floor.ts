import { emergency, type Finding } from "../refusal";
import type { Situation } from "../situation";
import { compareVersions, isComparable, keyOf, type ReleaseId } from "../version";

/** No version below the floor takes a role: what it would find was migrated away. */
export function noRollbackBelow(situation: Situation): Finding[] {
  const { desired } = situation;
  const floor = desired.noRollbackBelow;
  if (floor !== undefined && !isComparable(floor)) return [uselessFloor(floor)];
  return roleTakers(situation).flatMap((release) =>
    floors(situation)
      .flatMap((each) => below(release, each))
      .slice(0, 1),
  );
}

interface Floor {
  version: string;
  /** Whether only the last update's config had it. */
  dropped: boolean;
}

// A reverted commit takes its own floor away with it; so the last update's counts as well.
function floors({ desired, record }: Situation): Floor[] {
  const now = desired.noRollbackBelow;
  const last = record?.noRollbackBelow;
  return [
    ...(now === undefined ? [] : [{ version: now, dropped: false }]),
    ...(last === undefined || last === now ? [] : [{ version: last, dropped: true }]),
  ];
}

function below(release: ReleaseId, floor: Floor): Finding[] {
  const order = compareVersions(release.version, floor.version);
  if (order === 0 || order === 1) return [];
  const key = keyOf(release);
  const source = floor.dropped ? ", which the last update had and this change takes away" : "";
  if (order === undefined) {
    return [
      finding(
        `${key} cannot be compared with noRollbackBelow: ${floor.version}${source}: it does not begin with a version number`,
        "use versions such as 1.4.2 or 1.4.2-online-3f2c1a9",
      ),
    ];
  }
  return [
    finding(
      `${key} is below noRollbackBelow: ${floor.version}${source}`,
      `release a version of at least ${floor.version}${floor.dropped ? ", or take the floor away in an update of its own" : ""}`,
    ),
  ];
}

/** Releases that take a role which they did not have; what runs already is not judged. */
function roleTakers({ desired, change }: Situation): ReleaseId[] {
  const stays = change.stable.kind === "stay" || change.stable.kind === "adopt";
  const starts = change.canary.kind === "start" || change.canary.kind === "supersede";
  return [
    ...(stays ? [] : [desired.stable]),
    ...(starts && desired.canary !== undefined ? [desired.canary] : []),
  ];
}

function uselessFloor(floor: string): Finding {
  return {
    rule: "malformed-floor",
    message: `noRollbackBelow: ${floor} does not begin with a version number, so nothing can be compared with it`,
    remedy: "give a version such as 1.4.2, or remove it",
  };
}

function finding(message: string, remedy: string): Finding {
  return { rule: "no-rollback-below", message, remedy: remedy + emergency };
}
