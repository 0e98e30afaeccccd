import { z } from "zod";

/** Request bodies of Nexus 3.91, from the schemas in its OpenAPI document 3.91.0-07, each with its name there. */

const text = z.string();
/** StorageAttributes and HostedStorageAttributes. */
const storage = { blobStoreName: text, strictContentTypeValidation: z.boolean() };
const hostedStorage = z.strictObject({
  ...storage,
  writePolicy: z.enum(["ALLOW", "ALLOW_ONCE", "DENY"]),
});
/** CleanupPolicyAttributes. */
const cleanup = z.strictObject({ policyNames: z.array(text) }).optional();
/** MavenAttributes and RawAttributes, which only these formats have. */
const disposition = z.enum(["INLINE", "ATTACHMENT"]).optional();
const formats: Record<string, Record<string, z.ZodType>> = {
  maven: {
    maven: z.strictObject({
      versionPolicy: z.enum(["RELEASE", "SNAPSHOT", "MIXED"]),
      layoutPolicy: z.enum(["STRICT", "PERMISSIVE"]),
      contentDisposition: disposition,
    }),
  },
  npm: {},
  pypi: {},
  raw: { raw: z.strictObject({ contentDisposition: disposition }).optional() },
};

const common = { name: text, online: z.boolean() };
/** `<format>ProxyRepositoryApiRequest`, and similarly for the other types. */
const types: Record<string, (own: Record<string, z.ZodType>) => z.ZodType> = {
  proxy: (own) =>
    z.strictObject({
      ...common,
      ...own,
      cleanup,
      storage: z.strictObject(storage),
      proxy: z.strictObject({ remoteUrl: text, contentMaxAge: z.int(), metadataMaxAge: z.int() }),
      negativeCache: z.strictObject({ enabled: z.boolean(), timeToLive: z.int() }),
      httpClient: z.strictObject({ blocked: z.boolean(), autoBlock: z.boolean() }),
    }),
  hosted: (own) => z.strictObject({ ...common, ...own, cleanup, storage: hostedStorage }),
  group: () =>
    z.strictObject({
      ...common,
      storage: z.strictObject(storage),
      group: z.strictObject({ memberNames: z.array(text).min(1) }),
    }),
};

/** ApiCreateUser and ApiUser. */
const user = {
  userId: text,
  firstName: text,
  lastName: text,
  emailAddress: text,
  status: z.enum(["active", "locked", "disabled", "changepassword"]),
  roles: z.array(text),
};
/** RoleXORequest. */
const role = z.strictObject({
  id: text,
  name: text,
  description: text,
  privileges: z.array(text),
  roles: z.array(text),
});
/** CleanupPolicyResourceXO. */
const policy = z.strictObject({
  name: text,
  format: text,
  criteriaLastDownloaded: z.int(),
});

const bodies: [call: RegExp, body: z.ZodType][] = [
  [/^POST \/security\/users$/, z.strictObject({ ...user, password: text })],
  [
    /^PUT \/security\/users\/\w+$/,
    z.strictObject({
      ...user,
      source: text.optional(),
      readOnly: z.boolean().optional(),
      externalRoles: z.array(text).optional(),
    }),
  ],
  [/^PUT \/security\/users\/\w+\/change-password$/, text.min(1)],
  [/^POST \/system\/eula$/, z.strictObject({ accepted: z.boolean(), disclaimer: text })],
  [
    /^PUT \/security\/anonymous$/,
    z.strictObject({ enabled: z.boolean(), userId: text, realmName: text }),
  ],
  [/^POST \/blobstores\/file$/, z.strictObject({ name: text, path: text })],
  [/^(POST \/cleanup-policies|PUT \/cleanup-policies\/\S+)$/, policy],
  [/^(POST \/security\/roles|PUT \/security\/roles\/\w+)$/, role],
];

/** Returns why Nexus rejects a body; a call that is in no table is rejected, too. */
export function nexusRefusal(call: string, body: unknown): string | undefined {
  const [, format = "", type = ""] = /^\w+ \/repositories\/(\w+)\/(\w+)/.exec(call) ?? [];
  const own = formats[format];
  const known =
    own === undefined ? bodies.find(([pattern]) => pattern.test(call))?.[1] : types[type]?.(own);
  if (known === undefined) return `${call} is in no table of bodies`;
  return known.safeParse(body).error?.message;
}
