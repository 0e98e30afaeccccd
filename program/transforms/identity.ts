import * as pulumi from "@pulumi/pulumi";
import type { Props, TransformedObject } from "./transform";

/** Names of declared Namespaces. */
export type Namespaces = Map<pulumi.Resource, string>;

/**
 * Returns which object a resource declares; undefined for a resource that is no object, or whose name is known only
 * later. Parts name their namespace by an output of its resource, which nothing can wait for here: a transform without
 * an object must be refused before anything is created.
 */
export function identityOf(
  type: string,
  props: Props,
  namespaces: Namespaces,
): TransformedObject | undefined {
  const { apiVersion, kind, metadata } = props as Record<string, unknown>;
  if (!type.startsWith("kubernetes:") || pulumi.Output.isInstance(metadata)) return undefined;
  const { name, namespace } = (metadata ?? {}) as Record<string, unknown>;
  if (![apiVersion, kind, name].every((it) => typeof it === "string")) return undefined;
  const known = pulumi.Output.isInstance(namespace) ? nameIn(namespace, namespaces) : namespace;
  if (pulumi.Output.isInstance(namespace) && known === undefined) return undefined;
  return { apiVersion, kind, name, namespace: known } as TransformedObject;
}

/**
 * Returns the name of the only Namespace that an output comes from; undefined for any other output. The SDK knows its
 * resources, without a type.
 */
export function nameIn(output: pulumi.Output<unknown>, namespaces: Namespaces): string | undefined {
  const from = [...(output as unknown as { resources(): Set<pulumi.Resource> }).resources()];
  const [only] = from;
  return only === undefined || from.length > 1 ? undefined : namespaces.get(only);
}
