import { createHash } from "node:crypto";
import type { DesiredRelease, ReleaseKey } from "./types";

/** Longest name of a Deployment whose pods' names still fit into 63 characters. */
const longestName = 52;

/** The key of a release. */
export function keyOf({ version, revision }: DesiredRelease): ReleaseKey {
  return revision === 1 ? version : `${version}-r${revision}`;
}

/**
 * Name of a release's objects: `shop-1-4-2`. A name that would be too long is cut, and ends with a
 * hash of the whole, so that two long ones still differ.
 */
export function releaseName(app: string, key: ReleaseKey): string {
  const slug = key
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const name = `${app}-${slug}`;
  if (name.length <= longestName) return name;
  const hash = createHash("sha256").update(`${app}/${key}`).digest("hex").slice(0, 8);
  return `${name.slice(0, longestName - 9).replace(/-$/, "")}-${hash}`;
}
