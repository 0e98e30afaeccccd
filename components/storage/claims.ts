import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

type Claim = Pick<k8s.types.input.core.v1.PersistentVolumeClaim, "spec">;

/** The classes that a stack declares, and which of them claims get that name none. */
export interface DeclaredClasses {
  classes: Record<string, pulumi.Resource>;
  defaultClass?: string;
}

/**
 * Options of the parts that claim volumes. What claims volumes is created after their class and its
 * driver, else it would wait for volumes with every slot of the engine and leave none for the class.
 * A part's Namespace comes after all classes too: the claims of a StatefulSet are deleted with the
 * Namespace, and the drivers must be there until then.
 * @param storage nothing for a stack that declares no class; its claims are not waited for.
 */
export function claimingVolumes(
  storage: DeclaredClasses | undefined,
  opts: pulumi.ComponentResourceOptions,
): pulumi.ComponentResourceOptions {
  if (storage === undefined) return opts;
  const transformation: pulumi.ResourceTransformation = ({ type, props, opts: own }) => {
    const dependsOn = neededBy(type, props as Claiming, storage);
    return dependsOn.length === 0
      ? undefined
      : { props: props as object, opts: pulumi.mergeOptions(own, { dependsOn }) };
  };
  return pulumi.mergeOptions(opts, { transformations: [transformation] });
}

/** What the inputs of a claim, or of a StatefulSet, say about claims. */
interface Claiming {
  spec?: Claim["spec"] & { volumeClaimTemplates?: Claim[] };
}

function neededBy(
  type: string,
  { spec }: Claiming,
  { classes, defaultClass }: DeclaredClasses,
): pulumi.Resource[] {
  const classOf = (claim: pulumi.Input<object | undefined>) =>
    (claim as { storageClassName?: string } | undefined)?.storageClassName ?? defaultClass ?? "";
  const names = {
    "kubernetes:core/v1:Namespace": () => Object.keys(classes),
    "kubernetes:core/v1:PersistentVolumeClaim": () => [classOf(spec)],
    "kubernetes:apps/v1:StatefulSet": () =>
      (spec?.volumeClaimTemplates ?? []).map((claim) => classOf(claim.spec)),
  }[type];
  return [...new Set(names?.() ?? [])].flatMap((name) => classes[name] ?? []);
}

/**
 * Options of the drivers and classes: a class comes after the rights of all drivers, which delete its
 * volumes with them until the class is gone.
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
