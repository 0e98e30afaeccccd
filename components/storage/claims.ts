import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

type Claim = Pick<k8s.types.input.core.v1.PersistentVolumeClaim, "spec">;

/** The StorageClasses of a stack, and the default among them. */
export interface DeclaredClasses {
  classes: Record<string, pulumi.Resource>;
  defaultClass?: string;
}

/**
 * Returns options for the parts that claim volumes. Everything that claims volumes is created after its class and
 * driver; otherwise all slots of the engine could wait for volumes, and leave none for the class. The Namespace of a
 * part is also created after all classes: its deletion deletes the claims of a StatefulSet, and needs the drivers until
 * then.
 * @param storage undefined for a stack without classes, whose claims have no order.
 */
export function claimingVolumes(
  storage: DeclaredClasses | undefined,
  opts: pulumi.ComponentResourceOptions,
): pulumi.ComponentResourceOptions {
  if (storage === undefined) return opts;
  const transformation: pulumi.ResourceTransformation = ({ type, props, opts: own }) => {
    const dependsOn = requiredClasses(type, props as Claiming, storage);
    return dependsOn.length === 0
      ? undefined
      : { props: props as object, opts: pulumi.mergeOptions(own, { dependsOn }) };
  };
  return pulumi.mergeOptions(opts, { transformations: [transformation] });
}

/** The inputs of a claim, or of a workload with claims, as far as they concern claims. */
interface Claiming {
  spec?: Claim["spec"] & {
    volumeClaimTemplates?: Claim[];
    template?: { spec?: { volumes?: PodVolume[] } };
  };
}

/** A volume of a pod; only a claim that is created with each pod matters here. */
interface PodVolume {
  ephemeral?: { volumeClaimTemplate: Claim };
}

function requiredClasses(
  type: string,
  { spec }: Claiming,
  { classes, defaultClass }: DeclaredClasses,
): pulumi.Resource[] {
  const classOf = (claim: pulumi.Input<object | undefined>) =>
    (claim as { storageClassName?: string } | undefined)?.storageClassName ?? defaultClass ?? "";
  const ofPods = () => {
    const volumes: unknown = spec?.template?.spec?.volumes;
    // While a release waits for its migration, its pod template is unknown; the migration's Job has the same volumes.
    if (!Array.isArray(volumes)) return [];
    return (volumes as PodVolume[]).flatMap(({ ephemeral }) =>
      ephemeral === undefined ? [] : [classOf(ephemeral.volumeClaimTemplate.spec)],
    );
  };
  const names = {
    "kubernetes:core/v1:Namespace": () => Object.keys(classes),
    "kubernetes:core/v1:PersistentVolumeClaim": () => [classOf(spec)],
    "kubernetes:apps/v1:StatefulSet": () =>
      (spec?.volumeClaimTemplates ?? []).map((claim) => classOf(claim.spec)),
    "kubernetes:apps/v1:Deployment": ofPods,
    "kubernetes:batch/v1:Job": ofPods,
  }[type];
  return [...new Set(names?.() ?? [])].flatMap((name) => classes[name] ?? []);
}

/**
 * Returns options for the drivers and classes: a class is created after the rights of all drivers, which need these to
 * delete its volumes until the class is deleted.
 */
export function classesAfterRights(
  opts: pulumi.ComponentResourceOptions,
): pulumi.ComponentResourceOptions {
  const rights: pulumi.Resource[] = [];
  const transformation: pulumi.ResourceTransformation = ({ type, props, resource, opts: own }) => {
    if (type.startsWith("kubernetes:rbac.authorization.k8s.io/")) rights.push(resource);
    return type === "kubernetes:storage.k8s.io/v1:StorageClass"
      ? { props: props as object, opts: pulumi.mergeOptions(own, { dependsOn: [...rights] }) }
      : undefined;
  };
  return pulumi.mergeOptions(opts, { transformations: [transformation] });
}
