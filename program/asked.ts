import type { AskedReleases } from "../config/groups";
import { isMap } from "../config/is-map";
import { keyOf } from "../releases";

/** A release that a file asks for. */
export interface AskedRelease {
  key: string;
  version: string;
}

/** What an app's file asks for, unchecked. */
export interface Asked {
  stable?: AskedRelease;
  canary?: AskedRelease & { weight: number };
}

/** Reads loosely which releases an app's file asks for: it may break any rule of the schema. */
export function askedOf({ stable, canary }: Record<string, unknown>): Asked {
  const share = isMap(canary) ? Number(canary["weight"] ?? 0) : 0;
  const trial = releaseOf(canary);
  return { stable: releaseOf(stable), canary: trial && { ...trial, weight: share } };
}

/** The keys alone, as release groups compare them. */
export function keysOf({ stable, canary }: Asked): AskedReleases {
  return { stable: stable?.key, canary: canary && { key: canary.key, weight: canary.weight } };
}

function releaseOf(value: unknown): AskedRelease | undefined {
  if (!isMap(value)) return undefined;
  const { version } = value;
  if (typeof version !== "string" && typeof version !== "number") return undefined;
  const revision = Number(value["revision"] ?? 1);
  return { version: String(version), key: keyOf({ version: String(version), revision }) };
}
