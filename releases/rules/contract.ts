import { describedRelease } from "../record";
import { emergency, type Finding } from "../refusal";
import type { Situation } from "../situation";
import { compareVersions, isComparable } from "../version";

/**
 * A migration that removes something runs while former releases serve requests, so they must work with the
 * changed data.
 */
export function contractServes({ record, desired, migrating }: Situation): Finding[] {
  const contract = desired.migration?.contract;
  if (contract === undefined) return [];
  if (!isComparable(contract)) return [useless(contract)];
  const [key] = migrating;
  if (record === undefined || key === undefined) return [];
  const serving = [record.stable, ...(record.canary === undefined ? [] : [record.canary.key])];
  return serving.flatMap((former): Finding[] => {
    const order = compareVersions(describedRelease(record, former).version, contract);
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

function useless(contract: string): Finding {
  return {
    rule: "malformed-floor",
    message: `migrate.contract: ${contract} does not begin with a version number, so nothing can be compared with it`,
    remedy: "use a version such as 1.4.2, or remove it",
  };
}
