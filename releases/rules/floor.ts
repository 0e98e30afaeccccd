import { emergency, type Finding } from "../refusal";
import type { Situation } from "../situation";
import type { DesiredApp } from "../types";
import { compareVersions, isComparable, keyOf, type ReleaseId, type ReleaseKey } from "../version";

/** No version below the floor gets a role, because a migration has removed what it needs. */
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
  /** Whether only the config of the last update had it. */
  dropped?: boolean;
  /** Version whose migration made the floor the oldest version that works. */
  migration?: string;
}

// A reverted commit removes its own floor, so the floor of the last update counts as well.
function floors({ desired, former, migrating }: Situation): Floor[] {
  const now = desired.noRollbackBelow;
  return [
    ...(now === undefined ? [] : [{ version: now }]),
    ...former.floors
      .filter((version) => version !== now)
      .map((version) => ({ version, dropped: true })),
    ...[...contracts(migrating, desired), ...former.migrated].flatMap(
      ({ version: migration, contract }): Floor[] =>
        contract === undefined || !isComparable(contract) ? [] : [{ version: contract, migration }],
    ),
  ];
}

function contracts(migrating: readonly ReleaseKey[], { migration }: DesiredApp) {
  return migrating.map((version) => ({ version, contract: migration?.contract }));
}

function below(release: ReleaseId, floor: Floor): Finding[] {
  const order = compareVersions(release.version, floor.version);
  if (order === 0 || order === 1) return [];
  const key = keyOf(release);
  const source = sourceOf(floor);
  if (order === undefined) {
    return [
      finding(
        `${key} cannot be compared with ${source}: it does not begin with a version number`,
        "use versions such as 1.4.2 or 1.4.2-online-3f2c1a9",
      ),
    ];
  }
  return [
    finding(
      `${key} is below ${source}`,
      `release a version of at least ${floor.version}${floor.dropped ? ", or remove the floor in a separate update" : ""}`,
    ),
  ];
}

function sourceOf({ version, dropped, migration }: Floor): string {
  if (migration !== undefined) {
    return `${version}, the oldest version that works since the migration of ${migration}`;
  }
  const why = dropped ? ", which the last update had and this change removes" : "";
  return `noRollbackBelow: ${version}${why}`;
}

/** Returns the releases that get a role which they did not have. Others are not checked. */
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
    remedy: "use a version such as 1.4.2, or remove it",
  };
}

function finding(message: string, remedy: string): Finding {
  return { rule: "no-rollback-below", message, remedy: remedy + emergency };
}
