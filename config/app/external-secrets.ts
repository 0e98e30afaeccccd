import { z } from "zod";
import { expected } from "../errors";
import { keyPrefix } from "../store-keys";
import { name, secretKeyName } from "../values";

const text = z.string().min(1).max(1024);

/** The place of a value in the store. */
const source = z.strictObject({
  /**
   * Name in the store: a path in Vault, or the name of a secret in a cloud. It starts with one of the store's `keys`.
   */
  key: text,
  /** Field of the entry, if it has several. Without it, the value is the whole entry. */
  property: text.optional(),
  /** Version of the entry. Default: the newest one when a release reads it for the first time. */
  version: text.optional(),
});

/** A Secret that the External Secrets operator creates from values in a store. */
const externalSecret = z.strictObject({
  /** One of the stack's `secretStores`. */
  store: name,
  /** Values by the Secret's keys. */
  data: z
    .record(secretKeyName, source)
    .refine((map) => Object.keys(map).length > 0, "expected at least one key, got none"),
});

/** Secrets from a secret store, by the names that `secretEnv` and `secretFiles` use for them. */
export const externalSecrets = z.record(name, externalSecret);

/** @see {@link externalSecrets} */
export type ExternalSecrets = z.infer<typeof externalSecrets>;

/**
 * A store of the External Secrets operator. The owner of the operator declares it. Every app that names a
 * ClusterSecretStore reads with the same credentials, so `keys` decides what each app can read.
 */
export const secretStore = z
  .strictObject({
    /** Whether there is one store for the cluster, or one with that name in each team's namespace. */
    kind: z.enum(["ClusterSecretStore", "SecretStore"]).default("ClusterSecretStore"),
    /**
     * Prefixes of the keys that an app can read from the store, such as `{team}/`: `{team}` stands for the app's team,
     * `{app}` for its name. `""` permits every key. Required for a ClusterSecretStore. Default for a SecretStore: every
     * key, because the store's own credentials limit what its team can read.
     */
    keys: z.array(keyPrefix).min(1).optional(),
  })
  .superRefine(({ kind, keys }, { addIssue }) => {
    if (kind !== "ClusterSecretStore" || keys !== undefined) return;
    const next =
      'every team reads from a ClusterSecretStore with the same credentials; set ["{team}/"], or [""] to let every app read every key';
    const message = expected("prefixes of the keys that an app can read", "nothing", next);
    addIssue({ code: "custom", path: ["keys"], message });
  });
