import type { RequestedReleases } from "../config/groups";
import { isMap } from "../config/is-map";
import { keyOf } from "../releases";

/** A release that an app's file asks for. */
export interface AskedRelease {
  key: string;
  version: string;
}

/** What an app's file asks for, unchecked. */
export interface Asked {
  stable?: AskedRelease;
  canary?: AskedRelease & { weight: number };
}

/** Reads which releases an app's file asks for. The file may break any rule of the schema. */
export function askedOf({ stable, canary }: Record<string, unknown>): Asked {
  const share = isMap(canary) ? Number(canary["weight"] ?? 0) : 0;
  const trial = releaseOf(canary);
  return { stable: releaseOf(stable), canary: trial && { ...trial, weight: share } };
}

/** Returns the keys of the releases, in the form that release groups compare. */
export function keysOf({ stable, canary }: Asked): RequestedReleases {
  return { stable: stable?.key, canary: canary && { key: canary.key, weight: canary.weight } };
}

function releaseOf(value: unknown): AskedRelease | undefined {
  if (!isMap(value)) return undefined;
  const { version } = value;
  if (typeof version !== "string" && typeof version !== "number") return undefined;
  const revision = Number(value["revision"] ?? 1);
  return { version: String(version), key: keyOf({ version: String(version), revision }) };
}
