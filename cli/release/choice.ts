import { isScalar, type YAMLMap } from "yaml";

/** A release in the form of a stack's config. */
export interface ReleaseChoice {
  version: string;
  /** Higher if a version is released again with another configuration. 1 is not written. */
  revision: number;
  /** Digest of the image, if it is pinned. */
  digest?: string;
}

/** Result of a check in the form that the config records. */
export interface Evidence {
  verdict: "pass" | "fail" | "inconclusive";
  /** UTC, ISO 8601. */
  at: string;
  /** Key of the release that was checked. */
  release: string;
  /** Number of requests that the check counted. */
  samples: number;
  /** Hash of the rules that it was judged by. */
  rules: string;
}

/** Returns a release in the form of the file, without default values. */
export function idOf({ version, revision, digest }: ReleaseChoice): object {
  return {
    version,
    ...(revision > 1 ? { revision } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}

/**
 * Versions that every YAML parser reads as text. The engine's parser reads 1_2 as 12 and 2026-11-21 as a
 * time, which this library would write without quotes.
 */
const plainVersion = /^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.-]*)?$/;

/** Quotes the version of a release if YAML parsers read it differently. */
export function quoteVersion(node: YAMLMap): void {
  const version: unknown = node.get("version", true);
  if (!isScalar(version) || plainVersion.test(String(version.value))) return;
  version.type = "QUOTE_DOUBLE";
}
