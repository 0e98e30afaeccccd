import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../config";
import { nameIn, type Namespaces } from "./transforms/identity";

/** Identity of an object in the cluster. */
interface Identity {
  kind: string;
  name: string;
  namespace: string | undefined;
}

/** What a resource says about the identity of its object. */
type Metadata = { [Key in "name" | "namespace"]?: pulumi.Input<string> };

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
  const namespaces: Namespaces = new Map();
  const transformation: pulumi.ResourceTransformation = (args) => {
    const { type, name, resource, props, opts: given } = args;
    const parts = /^kubernetes:(?:([^/:]+)\/)?[^/:]+:(\w+)$/.exec(type);
    const metadata = (props as { metadata?: pulumi.Input<Metadata> }).metadata;
    if (parts === null || metadata === undefined) return undefined;
    const [, group = "core", kind = ""] = parts;
    const claim = (found: Partial<Identity>, unchanged: string) => {
      if (typeof found.name !== "string") return;
      const key = [shortGroup(group), kind, found.namespace, found.name].join("\n");
      const owner = owners.get(key);
      if (owner !== undefined) {
        throw new ProgramError(twice({ kind, ...found }, owner, name, unchanged));
      }
      owners.set(key, name);
    };
    const known = knownIn(metadata, namespaces);
    if (known !== undefined) {
      if (kind === "Namespace" && known.name !== undefined) namespaces.set(resource, known.name);
      claim(known, "Nothing was changed.");
      return undefined;
    }
    // The error must come from an input of the resource, because nothing waits for other outputs.
    const checked = pulumi.output(metadata).apply((found) => {
      claim(found as Partial<Identity>, "This object was not changed.");
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

/**
 * Returns the name and the namespace of an object that are known before anything is created; undefined if they are not.
 * A namespace that a resource declares is known by that resource.
 */
function knownIn(
  metadata: pulumi.Input<Metadata>,
  namespaces: Namespaces,
): Omit<Partial<Identity>, "kind"> | undefined {
  if (pulumi.Output.isInstance(metadata) || metadata instanceof Promise) return undefined;
  const { name, namespace: given } = metadata;
  const namespace = pulumi.Output.isInstance(given) ? nameIn(given, namespaces) : given;
  if (pulumi.Output.isInstance(given) && namespace === undefined) return undefined;
  return isText(name) && isText(namespace) ? { name, namespace } : undefined;
}

function isText(value: unknown): value is string | undefined {
  return ["string", "undefined"].includes(typeof value);
}

function twice(
  { kind, name, namespace }: Partial<Identity>,
  owner: string,
  other: string,
  unchanged: string,
): string {
  const title = [namespace, name].filter((part) => part !== undefined).join("/");
  return (
    `${kind} ${title}: expected one resource that declares it, got two: "${owner}" and "${other}". ${unchanged} ` +
    "Leave it out of the chart or the manifests, or give it another name."
  );
}
