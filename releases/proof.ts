import type { AppRecord } from "./record";
import { keyOf, type ReleaseId, type ReleaseKey } from "./version";

/** A release of another stack that counts as tried. */
export interface ProvenRelease {
  key: ReleaseKey;
  /** Digest of its image, where that stack names one. */
  digest?: string;
  /** Why it counts, as a clause: `was stable until 2026-11-21T08:00:00.000Z`. */
  reason: string;
}

/** What another stack has proven of an app's versions. */
export interface Proof {
  /** `<organization>/<project>/<stack>`. */
  stack: string;
  releases: readonly ProvenRelease[];
  /** Why the stack's record could not be read; then nothing is proven. */
  unreadable?: string;
}

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
