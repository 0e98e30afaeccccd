import type { AppConfig } from "../config";
import type { Capacity, ReleasePods } from "./capacity";
import type { Plan } from "../releases";

/** What a reviewer must know of an update's pods. */
export interface PodSentence {
  /** `danger`: fewer pods than the requests take, or more requests than were asked for. */
  kind: "notice" | "danger";
  text: string;
}

/** What an update does about pods, and what is dangerous about it, a sentence each. */
export function podSentences(
  { releases: planned, now }: Plan,
  { excess, releases }: Capacity,
  { min, max }: AppConfig["scaling"],
): PodSentence[] {
  const each = planned.flatMap(({ key, name }) => {
    const pods = releases[name];
    return pods === undefined ? [] : sentencesOf(key, pods, { min, max, now });
  });
  if (excess === 0) return each;
  const text = `for a moment a release gets ${excess}% more than it had and than is asked, as no order of the changes avoids it`;
  return [...each, { kind: "danger", text }];
}

function sentencesOf(
  key: string,
  { ready = 0, asked, wanted, needed, floor }: ReleasePods,
  { min, max, now }: { min: number; max: number; now: boolean },
): PodSentence[] {
  if (needed === 0) {
    return floor > min
      ? [{ kind: "notice", text: `${key} keeps at least ${floor} pods until the next update` }]
      : [];
  }
  const few: PodSentence[] =
    wanted > max
      ? [
          {
            kind: "danger",
            text: `${key} would need ${wanted} pods for ${asked}% of the requests, by what serves now, and scaling.max allows ${max}`,
          },
        ]
      : [];
  if (ready >= needed) return few;
  const state = `${key} has ${ready} of the ${needed} ready pods that ${asked}% of the requests need`;
  return now
    ? [...few, { kind: "danger", text: `${state}; now: true does not wait for the others` }]
    : [...few, { kind: "notice", text: `${state}; requests wait until they are ready` }];
}
