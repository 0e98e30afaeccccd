import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../config";

/** Identity of an object in the cluster. */
interface Identity {
  kind: string;
  name: string;
  namespace: string | undefined;
}

/**
 * Returns resource options that reject a second declaration of the same object, for a stack with packages. A
 * package can contain an object that the platform also declares, and two resources for one object would
 * overwrite each other.
 */
export function distinctObjects(
  opts: pulumi.ComponentResourceOptions,
  packages: readonly object[],
): pulumi.ComponentResourceOptions {
  if (packages.length === 0) return opts;
  const owners = new Map<string, string>();
  const transformation: pulumi.ResourceTransformation = ({ type, name, props, opts: given }) => {
    const parts = /^kubernetes:(?:([^/:]+)\/)?[^/:]+:(\w+)$/.exec(type);
    const metadata = (props as { metadata?: pulumi.Input<Partial<Identity>> }).metadata;
    if (parts === null || metadata === undefined) return undefined;
    const [, group = "core", kind = ""] = parts;
    const claim = (found: Partial<Identity>) => {
      if (typeof found.name !== "string") return;
      const key = [shortGroup(group), kind, found.namespace, found.name].join("\n");
      const owner = owners.get(key);
      if (owner !== undefined) throw new ProgramError(twice({ kind, ...found }, owner, name));
      owners.set(key, name);
    };
    if (isPlain(metadata)) {
      claim(metadata as Partial<Identity>);
      return undefined;
    }
    // The error must come from an input of the resource, because nothing waits for other outputs.
    const checked = pulumi.output(metadata).apply((found) => {
      claim(found as Partial<Identity>);
      return found;
    });
    return { props: { ...(props as object), metadata: checked }, opts: given };
  };
  return pulumi.mergeOptions(opts, { transformations: [transformation] });
}

/** The SDK names groups of Kubernetes by their first part. */
function shortGroup(group: string): string {
  return group.endsWith(".k8s.io") ? (group.split(".")[0] ?? "") : group;
}

/** Whether the name and the namespace are known before anything is created. */
function isPlain(metadata: unknown): boolean {
  if (typeof metadata !== "object" || metadata === null) return false;
  if (pulumi.Output.isInstance(metadata)) return false;
  const { name, namespace } = metadata as Partial<Identity>;
  return [name, namespace].every((value) => ["string", "undefined"].includes(typeof value));
}

function twice({ kind, name, namespace }: Partial<Identity>, owner: string, other: string): string {
  const title = [namespace, name].filter((part) => part !== undefined).join("/");
  return (
    `${kind} ${title}: expected one resource that declares it, got two: "${owner}" and "${other}". Nothing was changed. ` +
    "Leave it out of the chart or the manifests, or give it another name."
  );
}
