import { classesByPurpose, type StorageConfig } from "../components/storage";
import { show, type ConfigError } from "../errors";

const storageKey = "platform:components.storage";

/**
 * What is wrong with the StorageClass of one part: it must be one that the storage section names,
 * and fit for the part's purpose. Databases and time series on a shared class lose data.
 * @param key full key of the class, for example `platform:components.monitoring.storageClass`.
 * @param className the class; without one, claims get the cluster's default.
 * @param purpose what the part's volumes are for.
 * @param storage the storage section, if the stack has one.
 */
export function storageClassErrors(
  key: string,
  className: string | undefined,
  purpose: "block" | "shared",
  storage: StorageConfig | undefined,
): ConfigError[] {
  const { block, shared } = storage ? classesByPurpose(storage) : { block: [], shared: [] };
  const fit = purpose === "block" ? block : shared;
  const effective = className ?? storage?.default;
  // A default that the cluster has by itself is not known here.
  if (effective === undefined || fit.includes(effective)) return [];
  const given =
    className === undefined
      ? `nothing is given, and the default ${show(effective)}`
      : `${show(className)} is given, which`;
  const other = purpose === "block" ? shared : block;
  const kind = other.includes(effective)
    ? `is a ${purpose === "block" ? "shared" : "block"} class`
    : `${storageKey} does not name`;
  const names = fit.join(", ") || `there is none; ${storageKey}.existing names the cluster's own`;
  return [{ key, message: `${given} ${kind}; allowed is a ${purpose} class: ${names}` }];
}
