import semver from "semver";

/** `1.4.2`, or `1.4.2-r2` for a second release of the same version. */
export type ReleaseKey = string;

/** Identity of a release within its app. */
export interface ReleaseId {
  /** As in the image's tag. It need not be semantic: `1.4.2-online-3f2c1a9`. */
  version: string;
  /** Increased to release the same version again with another configuration. Default: 1. */
  revision?: number;
}

/** Maximum length of a version. A tag can have 128 characters; a suffix of the build must also fit. */
const longestVersion = 100;

const versionShape = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Returns the key of a release. */
export function keyOf({ version, revision = 1 }: ReleaseId): ReleaseKey {
  return revision === 1 ? version : `${version}-r${revision}`;
}

/** Whether the version is valid in an image's tag and the revision is at least 1. */
export function isReleaseId({ version, revision = 1 }: ReleaseId): boolean {
  const versionFits = versionShape.test(version) && version.length <= longestVersion;
  return versionFits && Number.isInteger(revision) && revision >= 1;
}

/**
 * A version that begins with a number: `1.4`, `v2.0.1`, `1.4.2-online-3f2c1a9`. A commit such as `3f2c1a9`, and
 * versions with a fourth number, which semantic versions do not have, cannot be ordered.
 */
const numbered = /^v?\d+(\.\d+){0,2}(?![0-9A-Za-z]|\.\d)/;

/** Compares two versions by their numbers, without suffixes; undefined if they cannot be compared. */
export function compareVersions(a: string, b: string): -1 | 0 | 1 | undefined {
  const [first, second] = [numberOf(a), numberOf(b)];
  return first && second ? semver.compare(first, second) : undefined;
}

/** Whether a version can be compared with others. */
export function isComparable(version: string): boolean {
  return numberOf(version) !== undefined;
}

// A suffix is not a pre-release here: 1.4.2-online-3f2c1a9 is a build of 1.4.2, not an earlier one.
function numberOf(version: string): semver.SemVer | undefined {
  return numbered.test(version) ? (semver.coerce(version) ?? undefined) : undefined;
}
