import semver from "semver";

/** `1.4.2`, or `1.4.2-r2` for a second release of the same version. */
export type ReleaseKey = string;

/** Identity of a release within its app. */
export interface ReleaseId {
  /** As in the image's tag; not necessarily semantic: `1.4.2-online-3f2c1a9`. */
  version: string;
  /** Raised when the same version is released again with another configuration. Default 1. */
  revision?: number;
}

/** Longest version. A tag may have 128 characters; a build's own suffix has to fit in as well. */
const longestVersion = 100;

const versionShape = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The key of a release. */
export function keyOf({ version, revision = 1 }: ReleaseId): ReleaseKey {
  return revision === 1 ? version : `${version}-r${revision}`;
}

/** Whether the version can be an image's tag and the revision counts from 1. */
export function isReleaseId({ version, revision = 1 }: ReleaseId): boolean {
  const versionFits = versionShape.test(version) && version.length <= longestVersion;
  return versionFits && Number.isInteger(revision) && revision >= 1;
}

/**
 * A version that begins with its number: `1.4`, `v2.0.1`, `1.4.2-online-3f2c1a9`. A commit such as
 * `3f2c1a9` and a fourth number, which semantic versions do not have, cannot be put in order.
 */
const numbered = /^v?\d+(\.\d+){0,2}(?![0-9A-Za-z]|\.\d)/;

/** How two versions compare by their numbers, suffixes aside; nothing when they cannot be. */
export function compareVersions(a: string, b: string): -1 | 0 | 1 | undefined {
  const [first, second] = [numberOf(a), numberOf(b)];
  return first && second ? semver.compare(first, second) : undefined;
}

/** Whether a version can be compared with another at all. */
export function isComparable(version: string): boolean {
  return numberOf(version) !== undefined;
}

// A suffix is not a pre-release here: 1.4.2-online-3f2c1a9 is a build of 1.4.2, not an earlier one.
function numberOf(version: string): semver.SemVer | undefined {
  return numbered.test(version) ? (semver.coerce(version) ?? undefined) : undefined;
}
