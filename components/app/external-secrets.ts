import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { own, ProgramError, type ReleaseTemplate } from "../../config";
import type { ExternalSecrets } from "../../config/app/external-secrets";
import { contentHash } from "../shared/hash";
import { objectLabels } from "../shared/labels";

/** Stores by name, with the kind of object that each is. */
export type SecretStores = Record<string, { kind: string }>;

/** What declares the Secrets of an app's releases. */
interface Args {
  namespace: pulumi.Input<string>;
  releases: { template: ReleaseTemplate }[];
  secretStores?: SecretStores;
}

/**
 * Name of the Secret that a release means: one out of a store is named by where its values come from,
 * so that another version of a value is another Secret, and a release that goes back has its own.
 */
export function secretName(
  app: string,
  { externalSecrets = {} }: ReleaseTemplate,
  secret: string,
): string {
  const external = own(externalSecrets, secret);
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
 * Objects by which the External Secrets operator makes the Secrets of all live releases; they stay for
 * as long as a release that has them. A Secret is made once: no running release gets another value.
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
    const kind = own(secretStores, store)?.kind;
    if (kind === undefined) throw withoutStore(app, store, Object.keys(secretStores));
    return new k8s.apiextensions.CustomResource(
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

function withoutStore(app: string, store: string, stores: string[]): ProgramError {
  return new ProgramError(
    `A live release of app "${app}" has Secrets out of the store "${store}", which platform:secretStores does not have; there are ${stores.join(", ") || "none"}. Keep a store until no release needs it.`,
  );
}
