import { releaseName } from "../names";
import { liveRelease } from "../record";
import type { Finding } from "../refusal";
import type { Situation } from "../situation";
import { keyOf, type ReleaseKey } from "../version";

const remedy = "choose a version that differs in more than its punctuation or case";

/** Two releases that run at the same time, even if only during the update, need different names. */
export function namesClash(situation: Situation): Finding[] {
  return [...sameName(situation), ...sameKey(situation)];
}

function sameName({ record, desired: { name }, change: { added } }: Situation): Finding[] {
  const owners = new Map<string, ReleaseKey>();
  return [...new Set([...Object.keys(record?.releases ?? {}), ...added])].flatMap((key) => {
    const objects = releaseName(name, key);
    const owner = owners.get(objects);
    owners.set(objects, key);
    if (owner === undefined) return [];
    return [clash(`releases ${owner} and ${key} would both be named ${objects}`)];
  });
}

// 1.4.2-r2 is revision 2 of 1.4.2, and could also be revision 1 of a version with that name.
function sameKey({ record, desired: { stable, canary } }: Situation): Finding[] {
  const named = canary === undefined ? [stable] : [stable, canary];
  return named.flatMap((release) => {
    const key = keyOf(release);
    const live = record && liveRelease(record, key);
    if (live === undefined || live.version === release.version) return [];
    return [
      clash(
        `${key} runs as version ${live.version} with revision ${live.revision}, and is requested as version ${release.version} with revision ${release.revision ?? 1}`,
      ),
    ];
  });
}

function clash(message: string): Finding {
  return { rule: "names-clash", message, remedy };
}
