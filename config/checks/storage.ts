import { classesByPurpose, type StorageConfig } from "../components/storage";
import { expected, listed, show, type ConfigError } from "../errors";

const storageKey = "platform:components.storage";

/**
 * Checks the StorageClass of one part: the storage section must declare it, and it must suit the
 * part's purpose. Databases and time series on a shared class lose data.
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
  // The cluster may have its own default class, which is not known here.
  if (effective === undefined || fit.includes(effective)) return [];
  const got = className === undefined ? `the default ${show(effective)}` : show(effective);
  const other = purpose === "block" ? shared : block;
  const problem = other.includes(effective)
    ? `which is a ${purpose === "block" ? "shared" : "block"} class`
    : `which ${storageKey} does not declare`;
  const next =
    fit.length === 0
      ? `declare one, or list the cluster's own in ${storageKey}.existing`
      : undefined;
  const message = expected(`a ${purpose} class (${listed(fit)})`, `${got}, ${problem}`, next);
  return [{ key, message }];
}
