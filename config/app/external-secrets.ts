import { z } from "zod";
import { name, secretKeyName } from "../values";

const text = z.string().min(1).max(1024);

/** Where a value is in the store. */
const source = z.strictObject({
  /** What the store calls it: a path of Vault, the name of a cloud's secret. */
  key: text,
  /** Field of it, where it holds several. */
  property: text.optional(),
  /** Version of it; the newest at the time at which a release first asks without it. */
  version: text.optional(),
});

/** A Secret that the External Secrets operator makes of values in a store. */
const externalSecret = z.strictObject({
  /** One of the stack's `secretStores`. */
  store: name,
  /** Values by the Secret's keys. */
  data: z
    .record(secretKeyName, source)
    .refine((map) => Object.keys(map).length > 0, "expected at least one key, got none"),
});

/** Secrets out of a store, by the names under which `secretEnv` and `secretFiles` refer to them. */
export const externalSecrets = z.record(name, externalSecret);

/** @see {@link externalSecrets} */
export type ExternalSecrets = z.infer<typeof externalSecrets>;

/** A store that the External Secrets operator knows; who runs the operator declares it. */
export const secretStore = z.strictObject({
  /** Whether it is the cluster's, or one of that name in each team's namespace. */
  kind: z.enum(["ClusterSecretStore", "SecretStore"]).default("ClusterSecretStore"),
});
