import { createHash } from "node:crypto";
import type { ReleaseKey } from "./version";

/** Maximum length of a label's value: a Service selects pods by a label with this name. */
const longestName = 63;
const hashLength = 8;

/** Returns a release's key as part of an object's name: `1.4.2-r2` becomes `1-4-2-r2`. */
export function slug(key: ReleaseKey): string {
  return key
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "-")
    .replace(/^-+|-+$/g, "");
}

/**
 * Returns the name of a release's objects: `shop-1-4-2`. A name of more than 63 characters is cut and ends with
 * a hash of the whole name, so that two long names still differ.
 */
export function releaseName(app: string, key: ReleaseKey): string {
  const name = `${app}-${slug(key)}`;
  if (name.length <= longestName) return name;
  const hash = createHash("sha256").update(`${app}/${key}`).digest("hex").slice(0, hashLength);
  return `${name.slice(0, longestName - hashLength - 1).replace(/-+$/, "")}-${hash}`;
}
