import type { AppRecord } from "./record";
import type { Proof, ProvenRelease } from "./types";
import { keyOf, type ReleaseId } from "./version";

/** The releases of a record that have been stable, or whose check as canary passed. */
export function provenReleases({ releases, history }: AppRecord): ProvenRelease[] {
  const live = Object.entries(releases).flatMap(([key, release]): ProvenRelease[] => {
    const { digest, stableSince, check } = release;
    if (stableSince !== undefined)
      return [{ key, digest, reason: `is stable since ${stableSince}` }];
    if (check?.verdict !== "pass" || check.release !== key) return [];
    const reason = `passed its check at ${check.at}, of ${check.samples} requests`;
    return [{ key, digest, reason }];
  });
  const former = history
    .filter(({ to }) => !live.some(({ key }) => key === to))
    .map(({ at, to }): ProvenRelease => ({ key: to, reason: `became stable at ${at}` }));
  return [...live, ...former];
}

/** The proof of a version, whatever its revision; a revision is another configuration. */
export function proofOf({ releases }: Proof, { version }: ReleaseId): ProvenRelease | undefined {
  return releases.find(
    ({ key }) =>
      key === keyOf({ version }) ||
      (/^-r\d+$/.test(key.slice(version.length)) && key.startsWith(version)),
  );
}
