import { createHash } from "node:crypto";
import type { ReleaseKey } from "./version";

/** Longest name that still fits into a label, which is where a Service's selector looks for it. */
const longestName = 63;
const hashLength = 8;

/** A release's key as part of an object's name: `1.4.2-r2` is `1-4-2-r2`. */
export function slug(key: ReleaseKey): string {
  return key
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "-")
    .replace(/^-+|-+$/g, "");
}

/**
 * Name of a release's objects: `shop-1-4-2`. One of more than 63 characters is cut and ends with a
 * hash of the whole, so that two long ones still differ.
 */
export function releaseName(app: string, key: ReleaseKey): string {
  const name = `${app}-${slug(key)}`;
  if (name.length <= longestName) return name;
  const hash = createHash("sha256").update(`${app}/${key}`).digest("hex").slice(0, hashLength);
  return `${name.slice(0, longestName - hashLength - 1).replace(/-+$/, "")}-${hash}`;
}
