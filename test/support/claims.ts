import type { Registration } from "../../render/record";
import { everythingBefore } from "./graph";

type Json = Record<string, unknown>;

/** Returns the declared classes of an object's claims. */
export function claimedClasses(
  { type, inputs }: Registration,
  registrations: Registration[],
): Registration[] {
  const kind = type.split(":").at(-1);
  const claims =
    kind === "PersistentVolumeClaim" ? [inputs] : [...templates(inputs), ...ephemeral(inputs)];
  return claims.flatMap((claim) => {
    const { storageClassName } = (claim["spec"] ?? {}) as { storageClassName?: string };
    return registrations.filter(
      (entry) =>
        entry.type.endsWith(":StorageClass") &&
        (storageClassName === undefined ? isDefault(entry) : nameOf(entry) === storageClassName),
    );
  });
}

/**
 * Returns each claim of a declared class, and each Namespace of such a claim, that could be created before the class,
 * its driver, the driver's pods or their rights, and so deleted after them.
 */
export function claimsWithoutEdges(registrations: Registration[]): string[] {
  return registrations.flatMap((entry) =>
    claimedClasses(entry, registrations).flatMap((claimed) => {
      const needed = [claimed.urn, ...driverOf(claimed, registrations)];
      return [entry.urn, ...namespaceOf(entry, registrations)].flatMap((urn) => {
        const before = everythingBefore(registrations, urn);
        return needed.filter((want) => !before.has(want)).map((want) => `${urn} without ${want}`);
      });
    }),
  );
}

/**
 * Returns the Namespace whose deletion deletes an object's claims. Those of a StatefulSet remain until then; a separate
 * claim is deleted itself.
 */
export function namespaceOf(
  { type, inputs }: Registration,
  registrations: Registration[],
): string[] {
  if (!type.endsWith(":StatefulSet")) return [];
  const { namespace } = inputs["metadata"] as { namespace?: string };
  return registrations
    .filter((entry) => entry.type.endsWith(":Namespace") && nameOf(entry) === namespace)
    .map(({ urn }) => urn);
}

/** Returns the CSIDriver of a class, and the workloads and rights that are named after it. */
export function driverOf({ inputs }: Registration, registrations: Registration[]): string[] {
  const provisioner = String(inputs["provisioner"]);
  const csi = registrations.find(
    (entry) => entry.type.endsWith(":CSIDriver") && nameOf(entry) === provisioner,
  );
  if (csi === undefined) throw new Error(`no CSIDriver is named ${provisioner}`);
  const siblings = registrations.filter(({ parent }) => parent === csi.parent);
  const key = {
    "nfs.csi.k8s.io": "nfs",
    "rbd.csi.ceph.com": "rbd",
    "cephfs.csi.ceph.com": "cephfs",
  }[provisioner];
  if (key === undefined) throw new Error(`which workloads serve ${provisioner}?`);
  const pods = siblings.filter((entry) =>
    [`csi-${key}-controller`, `csi-${key}-node`].includes(entry.name),
  );
  const served = pods.filter(({ type }) =>
    /:(Deployment|DaemonSet|Cluster\w+|Role\w*)$/.test(type),
  );
  if (served.length < 4) throw new Error(`${provisioner} has only ${served.length} objects`);
  return [csi, ...served].map(({ urn }) => urn);
}

function isDefault({ inputs }: Registration): boolean {
  const { annotations } = inputs["metadata"] as { annotations?: Record<string, string> };
  return annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";
}

function nameOf({ inputs }: Registration): string | undefined {
  return (inputs["metadata"] as { name?: string } | undefined)?.name;
}

function templates(inputs: Json): Json[] {
  const { volumeClaimTemplates = [] } = (inputs["spec"] ?? {}) as { volumeClaimTemplates?: Json[] };
  return volumeClaimTemplates;
}

function ephemeral(inputs: Json): Json[] {
  const spec = inputs["spec"] as { template?: { spec?: { volumes?: Volume[] } } } | undefined;
  const volumes = spec?.template?.spec?.volumes ?? [];
  return volumes.flatMap(({ ephemeral: own }) =>
    own?.volumeClaimTemplate === undefined ? [] : [own.volumeClaimTemplate],
  );
}

interface Volume {
  ephemeral?: { volumeClaimTemplate?: Json };
}
