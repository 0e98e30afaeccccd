import * as pulumi from "@pulumi/pulumi";

/**
 * Returns options of a component so that all its resources are created after other resources, and deleted before them.
 * `dependsOn` of a component does not apply to its children.
 */
export function createdAfter(
  dependsOn: pulumi.Resource[],
  opts: pulumi.ComponentResourceOptions,
): pulumi.ComponentResourceOptions {
  return pulumi.mergeOptions(opts, {
    transformations: [
      ({ props, opts: own }) => ({ props, opts: pulumi.mergeOptions(own, { dependsOn }) }),
    ],
  });
}

/**
 * Returns options for everything that is declared next to API extensions: an extension is created after every Namespace
 * that was declared before it, and deleted first. While an extension has no ready pod, the API server cannot list the
 * contents of a Namespace, and therefore does not delete it.
 */
export function extensionsAfterNamespaces(
  opts: pulumi.ComponentResourceOptions,
): pulumi.ComponentResourceOptions {
  const namespaces: pulumi.Resource[] = [];
  const transformation: pulumi.ResourceTransformation = ({ type, props, resource, opts: own }) => {
    if (type === "kubernetes:core/v1:Namespace") namespaces.push(resource);
    return type === "kubernetes:apiregistration.k8s.io/v1:APIService"
      ? { props: props as object, opts: pulumi.mergeOptions(own, { dependsOn: [...namespaces] }) }
      : undefined;
  };
  return pulumi.mergeOptions(opts, { transformations: [transformation] });
}
