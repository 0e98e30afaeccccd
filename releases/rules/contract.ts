import { describedRelease } from "../record";
import { emergency, type Finding } from "../refusal";
import type { Situation } from "../situation";
import { compareVersions, isComparable, keyOf } from "../version";

/**
 * A migration that removes something runs while former releases serve requests, so they must work with the
 * changed data.
 */
export function contractServes(situation: Situation): Finding[] {
  const { desired, migrating } = situation;
  const contract = desired.migration?.contract;
  if (contract === undefined) return [];
  if (!isComparable(contract)) return [useless(contract)];
  const [key] = migrating;
  if (key === undefined) return [];
  return serving(situation).flatMap(({ key: former, version }): Finding[] => {
    const order = compareVersions(version, contract);
    if (order === 0 || order === 1) return [];
    return [
      {
        rule: "contract-while-serving",
        message: `${former} serves while the migration of ${key} runs, after which only ${contract} and later work (migrate.contract)`,
        remedy: `first make a version stable that works before and after the migration, and set migrate.contract to the oldest such version${emergency}`,
      },
    ];
  });
}

/** Returns the releases that get requests before the update. */
function serving({ before, record, former, desired }: Situation) {
  // A key begins with its version, and versions are compared by their beginning.
  if (before.kind === "lost") return [{ key: before.liveStable, version: before.liveStable }];
  if (record === undefined) {
    const { version } = desired.stable;
    return former.runsAlready ? [{ key: keyOf(desired.stable), version }] : [];
  }
  const { stable, canary } = record;
  const keys = [stable, ...(canary === undefined ? [] : [canary.key])];
  return keys.map((key) => ({ key, version: describedRelease(record, key).version }));
}

function useless(contract: string): Finding {
  return {
    rule: "malformed-floor",
    message: `migrate.contract: ${contract} does not begin with a version number, so nothing can be compared with it`,
    remedy: "use a version such as 1.4.2, or remove it",
  };
}
