import * as pulumi from "@pulumi/pulumi";

/**
 * Options of a component whose every resource is created after other resources, and deleted before
 * them. A component's own `dependsOn` does not reach its children.
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
 * Options of all that is declared beside extensions of the API server: such an extension is created
 * after every Namespace that was declared before it, and deleted first. While an extension has no pod
 * that answers, the API server deletes no Namespace, since it cannot list what is in it.
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
