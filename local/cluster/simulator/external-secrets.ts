import {
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { followCustom, ignoreConflictOrMissing, merging } from "./follow";

const kind = { group: "external-secrets.io", version: "v1", plural: "externalsecrets" };

interface ExternalSecret extends KubernetesObject {
  spec?: { target?: { name?: string; immutable?: boolean }; data?: { secretKey: string }[] };
  status?: { conditions?: { type: string }[] };
}

/**
 * Creates the Secret of every ExternalSecret like the External Secrets operator. There is no store: each value is the
 * word `simulated`.
 */
export function serveExternalSecrets(config: KubeConfig): void {
  const core = config.makeApiClient(CoreV1Api);
  const objects = config.makeApiClient(CustomObjectsApi);
  followCustom<ExternalSecret>(config, kind, async (asked) => {
    if (asked.status?.conditions?.some(({ type }) => type === "Ready") === true) return;
    await make(core, asked);
    await ready(objects, asked);
  });
}

async function make(core: CoreV1Api, { metadata, spec }: ExternalSecret): Promise<void> {
  const { name = "", namespace = "", uid = "" } = metadata ?? {};
  const value = Buffer.from("simulated").toString("base64");
  const owner = { apiVersion: `${kind.group}/${kind.version}`, kind: "ExternalSecret", name, uid };
  const body = {
    metadata: { name: spec?.target?.name ?? name, ownerReferences: [owner] },
    immutable: spec?.target?.immutable,
    data: Object.fromEntries((spec?.data ?? []).map(({ secretKey }) => [secretKey, value])),
  };
  await core.createNamespacedSecret({ namespace, body }).catch(ignoreConflictOrMissing);
}

async function ready(objects: CustomObjectsApi, { metadata }: ExternalSecret): Promise<void> {
  const { name = "", namespace = "" } = metadata ?? {};
  const lastTransitionTime = new Date().toISOString();
  const conditions = [
    { type: "Ready", status: "True", reason: "SecretSynced", message: "", lastTransitionTime },
  ];
  await objects.patchNamespacedCustomObjectStatus(
    { ...kind, namespace, name, body: { status: { conditions } } },
    merging,
  );
}
