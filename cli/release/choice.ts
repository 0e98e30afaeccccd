import { isScalar, type YAMLMap } from "yaml";

/** A release as a stack's config names it. */
export interface ReleaseChoice {
  version: string;
  /** Raised when a version is released again with another configuration; 1 is not written out. */
  revision: number;
  /** Digest of the image, where it is pinned. */
  digest?: string;
}

/** What a check found, as the config records it. */
export interface Evidence {
  verdict: "pass" | "fail" | "inconclusive";
  /** UTC, ISO 8601. */
  at: string;
  /** Key of the release that was checked. */
  release: string;
  /** Requests that the check saw. */
  samples: number;
  /** Hash of the rules that it was judged by. */
  rules: string;
}

/** A release as the file writes it: without what is usual. */
export function idOf({ version, revision, digest }: ReleaseChoice): object {
  return {
    version,
    ...(revision > 1 ? { revision } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}

/**
 * Versions that every YAML reader takes for text. The engine's reads 1_2 as 12 and 2026-11-21 as a time,
 * which this library writes without quotes.
 */
const plainVersion = /^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.-]*)?$/;

/** Quotes the version of a release where YAML readers differ about it. */
export function quoteVersion(node: YAMLMap): void {
  const version: unknown = node.get("version", true);
  if (!isScalar(version) || plainVersion.test(String(version.value))) return;
  version.type = "QUOTE_DOUBLE";
}
