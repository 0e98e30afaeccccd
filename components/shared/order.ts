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
