import { changedBy, pathsText, roleText } from "../texts";
import type { Finding } from "../refusal";
import { liveRelease } from "../record";
import { keyOf } from "../version";
import type { Situation } from "../situation";

/** The pods of a live release never change; an edited configuration is another release. */
export function immutable(situation: Situation): Finding[] {
  return [...otherImage(situation), ...otherTemplate(situation)];
}

/** If a tag was pushed again, it names a different image, which must be tried as another release. */
function otherImage(situation: Situation): Finding[] {
  const { record, desired } = situation;
  return [desired.stable, ...(desired.canary ? [desired.canary] : [])].flatMap((release) => {
    const key = keyOf(release);
    const live = record && liveRelease(record, key);
    const { digest } = release;
    if (live === undefined || digest === undefined || digest === live.digest) return [];
    const runs =
      live.digest === undefined ? "was deployed without a digest" : `runs ${live.digest}`;
    return [
      {
        rule: "release-is-immutable",
        message: `${key} ${runs}, and ${digest} is another image`,
        remedy: `leave digest out to keep what runs, or release the image as a canary ${nextRevision(situation, release.version)}`,
      },
    ];
  });
}

function otherTemplate(situation: Situation): Finding[] {
  if (situation.template.kind !== "refused") return [];
  const { stable, canary } = situation.desired;
  const newest = canary ?? stable;
  const { paths } = situation.template;
  return [
    {
      rule: "release-is-immutable",
      message: `${pathsText(paths)} would change the ${changedBy(paths)} of releases that are live`,
      remedy: `release the change as a canary: of a new version, or ${nextRevision(situation, newest.version)}`,
    },
  ];
}

function nextRevision({ record }: Situation, version: string): string {
  const taken = Object.values(record?.releases ?? {})
    .filter((release) => release.version === version)
    .map(({ revision }) => revision);
  const revision = Math.max(1, ...taken) + 1;
  return `of the same one with canary: ${roleText({ version, revision }, "…")}`;
}
