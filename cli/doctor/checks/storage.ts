import type { KubernetesObject } from "../../../render/objects";
import { findings, listNames, type Check } from "../look";

interface StorageClass {
  metadata: { name: string; annotations?: Record<string, string> };
  provisioner: string;
}

interface Claim {
  spec?: { storageClassName?: string };
}

const defaultKey = "storageclass.kubernetes.io/is-default-class";

/** Provisioners that are not CSI drivers. */
const withoutDriver = /^(kubernetes\.io\/no-provisioner|rancher\.io\/local-path)$/;

/** Checks the StorageClasses that claims name and the stack does not declare, and their drivers. */
export const storage: Check = async ({ api, objects }) => {
  const { ok, missing } = findings("storage");
  const declared = objects.filter(({ kind }) => kind === "StorageClass");
  const own = new Set(declared.map(({ metadata }) => metadata.name));
  const claims = objects.flatMap(claimsOf);
  const named = claims.flatMap(({ spec }) => spec?.storageClassName ?? []);
  const classes = await api.list<StorageClass>("/apis/storage.k8s.io/v1/storageclasses");
  const drivers = await api.list<{ metadata: { name: string } }>(
    "/apis/storage.k8s.io/v1/csidrivers",
  );
  const driverNames = new Set([
    ...drivers.map(({ metadata }) => metadata.name),
    ...objects.filter(({ kind }) => kind === "CSIDriver").map(({ metadata }) => metadata.name),
  ]);
  const absent = named.filter(
    (name) => !own.has(name) && !classes.some(({ metadata }) => metadata.name === name),
  );
  const used = classes.filter(({ metadata }) => named.includes(metadata.name));
  const undriven = used.filter(
    ({ provisioner }) => !withoutDriver.test(provisioner) && !driverNames.has(provisioner),
  );
  const hasDefault = [...classes, ...declared].some(
    ({ metadata }) => metadata.annotations?.[defaultKey] === "true",
  );
  const unnamed = claims.some(({ spec }) => spec?.storageClassName === undefined);
  const found = [
    ...(absent.length > 0
      ? [
          missing(
            `no StorageClass ${listNames(absent)}`,
            "create it, or correct the class in the config",
          ),
        ]
      : []),
    ...undriven.map(({ metadata, provisioner }) =>
      missing(
        `StorageClass ${metadata.name} has no driver ${provisioner}`,
        "install its CSI driver",
      ),
    ),
    ...(unnamed && !hasDefault
      ? [
          missing(
            "claims name no StorageClass, and the cluster has no default one",
            "set platform:components.storage.default, or mark a class as the default",
          ),
        ]
      : []),
  ];
  return found.length > 0 ? found : [ok(`${claims.length} claims have a StorageClass`)];
};

function claimsOf(object: KubernetesObject): Claim[] {
  if (object.kind === "PersistentVolumeClaim") return [object as Claim];
  const { volumeClaimTemplates = [] } = (object["spec"] ?? {}) as {
    volumeClaimTemplates?: Claim[];
  };
  return object.kind === "StatefulSet" ? volumeClaimTemplates : [];
}
