import type { ParsedSections } from "./sections";
import type { ConfigError } from "../errors";
import { storageClassErrors } from "./storage";

/** Checks that Tempo's volume has a class that is fit for a database. */
export function tracingChecks({ components }: ParsedSections): ConfigError[] {
  if (components?.tracing === undefined) return [];
  const { tracing, storage } = components;
  const key = "platform:components.tracing.tempo.storageClass";
  return storageClassErrors(key, tracing.tempo.storageClass, "block", storage);
}
