import { pathsText, roleText } from "../texts";
import type { Finding } from "../refusal";
import type { Situation } from "../situation";

/** The pods of a live release never change; an edited configuration is another release. */
export function immutable(situation: Situation): Finding[] {
  if (situation.template.kind !== "illegal") return [];
  return [
    {
      rule: "release-is-immutable",
      message: `${pathsText(situation.template.paths)} would change the pods of releases that are live`,
      remedy: `release the change as a canary: of a new version, or ${nextRevision(situation)}`,
    },
  ];
}

function nextRevision({ record, desired: { stable, canary } }: Situation): string {
  const { version } = canary ?? stable;
  const taken = Object.values(record?.releases ?? {})
    .filter((release) => release.version === version)
    .map(({ revision }) => revision);
  const revision = Math.max(1, ...taken) + 1;
  return `of the same one with canary: ${roleText({ version, revision }, "…")}`;
}
