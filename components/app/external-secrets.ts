import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { lookup, ProgramError, type ReleaseTemplate } from "../../config";
import type { ExternalSecrets } from "../../config/app/external-secrets";
import { customResource } from "../shared/custom-resource";
import { contentHash } from "../shared/hash";
import { objectLabels } from "../shared/labels";

/** Stores by name, with the kind of each store's object. */
export type SecretStores = Record<string, { kind: string }>;

/** Arguments for declaring the Secrets of an app's releases. */
interface Args {
  namespace: pulumi.Input<string>;
  releases: { template: ReleaseTemplate }[];
  secretStores?: SecretStores;
}

/**
 * Returns the name of the Secret that a release refers to. The name of a Secret from a store contains a hash of
 * where its values come from: another version of a value is another Secret, and a rollback uses the
 * former one.
 */
export function secretName(
  app: string,
  { externalSecrets = {} }: ReleaseTemplate,
  secret: string,
): string {
  const external = lookup(externalSecrets, secret);
  return external === undefined ? secret : hashedName(app, secret, external);
}

function hashedName(app: string, secret: string, { store, data }: ExternalSecrets[string]): string {
  const places = Object.entries(data).map(([key, { key: remote, property, version }]) => [
    key,
    JSON.stringify([remote, property, version]),
  ]);
  const content = { ...(Object.fromEntries(places) as Record<string, string>), "/store": store };
  return `${app}-${secret}-${contentHash(content)}`;
}

/**
 * Declares the objects from which the External Secrets operator creates the Secrets of all live releases. They
 * exist for as long as a release that uses them. A Secret is created once, so no running release gets another
 * value.
 */
export function externalSecrets(
  app: string,
  { namespace, releases, secretStores = {} }: Args,
  parent: pulumi.Resource,
): k8s.apiextensions.CustomResource[] {
  const wanted = new Map(
    releases.flatMap(({ template }) =>
      Object.entries(template.externalSecrets ?? {}).map(
        ([secret, external]) => [hashedName(app, secret, external), external] as const,
      ),
    ),
  );
  return [...wanted].map(([name, { store, data }]) => {
    const kind = lookup(secretStores, store)?.kind;
    if (kind === undefined) throw missingStore(app, store, Object.keys(secretStores));
    return customResource(
      name,
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: { name, namespace, labels: objectLabels(app, "apps") },
        spec: {
          refreshPolicy: "CreatedOnce",
          secretStoreRef: { name: store, kind },
          target: { name, creationPolicy: "Owner", immutable: true },
          data: Object.entries(data).map(([secretKey, remoteRef]) => ({ secretKey, remoteRef })),
        },
      },
      { parent },
    );
  });
}

function missingStore(app: string, store: string, stores: string[]): ProgramError {
  return new ProgramError(
    `platform:secretStores: expected the store "${store}", from which a live release of app "${app}" has Secrets, got ${stores.join(", ") || "none"}. Keep a store until no release needs it.`,
  );
}
