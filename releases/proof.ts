import { liveRelease, type AppRecord, type HistoryEntry } from "./record";
import type { Proof, ProvenRelease } from "./types";
import { keyOf, type ReleaseId, type ReleaseKey } from "./version";

/**
 * Returns the releases of a record that are or were stable, or whose check as a canary passed. A release that
 * was rolled back, or whose last check failed, proves nothing, whatever its earlier results.
 */
export function provenReleases(record: AppRecord): ProvenRelease[] {
  const known = [...Object.keys(record.releases), ...record.history.map(({ to }) => to)];
  return [...new Set(known)].flatMap((key) => {
    const reason = reasonOf(record, key);
    return reason === undefined ? [] : [{ key, digest: digestOf(record, key), reason }];
  });
}

function reasonOf(record: AppRecord, key: ReleaseKey): string | undefined {
  const { stable } = record;
  const { stableSince, check } = liveRelease(record, key) ?? {};
  const since = stableSince ?? record.history.find((it) => becomes(it, key))?.at;
  if (key === stable) return since === undefined ? undefined : `is stable since ${since}`;
  const verdict = check?.release === key ? check.verdict : undefined;
  if (verdict === "fail") return undefined;
  if (since !== undefined) {
    const end = record.history.find(({ from, to }) => from === key && to !== key);
    if (end !== undefined && goesBack(end, record)) return undefined;
    return end === undefined ? `was stable from ${since}` : `was stable from ${since} to ${end.at}`;
  }
  if (check === undefined || verdict !== "pass") return undefined;
  // The check of a worker counts no requests.
  const seen = check.samples === 0 ? "" : `, of ${check.samples} requests`;
  return `passed its check at ${check.at}${seen}`;
}

function becomes({ from, to }: HistoryEntry, key: ReleaseKey): boolean {
  return to === key && from !== key;
}

/** Whether stable went back from a release to one that had been stable before it. */
function goesBack(end: HistoryEntry, { history }: AppRecord): boolean {
  if (end.kind === "rollback") return true;
  const before = history.slice(history.indexOf(end) + 1);
  return before.some(({ from, to }) => from === end.to || to === end.to);
}

function digestOf(record: AppRecord, key: ReleaseKey): string | undefined {
  const live = liveRelease(record, key);
  return live === undefined
    ? record.history.find(({ to, digest }) => to === key && digest !== undefined)?.digest
    : live.digest;
}

/** Returns what was tried of a version, in any revision: a revision differs only in its configuration. */
export function triedOf({ releases }: Proof, { version }: ReleaseId): ProvenRelease[] {
  return releases.filter(
    ({ key }) =>
      key === keyOf({ version }) ||
      (/^-r\d+$/.test(key.slice(version.length)) && key.startsWith(version)),
  );
}

/**
 * Returns the proof of a release: of its version in any revision, and of its image. A proof without a digest
 * proves the tag; it counts if there is no proof of the digest.
 */
export function proofOf(
  proof: Proof,
  release: ReleaseId & { digest?: string },
): ProvenRelease | undefined {
  const tried = triedOf(proof, release);
  return (
    tried.find(({ digest }) => digest === release.digest) ??
    tried.find(({ digest }) => digest === undefined)
  );
}
