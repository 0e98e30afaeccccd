import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Fields of an object whose kind is not built in. */
export type CustomResourceArgs = k8s.apiextensions.CustomResourceArgs;

/**
 * Common names of API versions. An object can change between them in place. The versions that the cluster serves are not
 * known while the program runs: a chart may add them in the same update.
 */
const commonVersions = [
  ...["v1alpha1", "v1alpha2", "v1alpha3", "v1alpha4", "v1alpha5"],
  ...["v1beta1", "v1beta2", "v1beta3", "v1"],
  ...["v2alpha1", "v2beta1", "v2beta2", "v2"],
];

/**
 * Declares an object whose kind is not built in. Its type in the program contains the version of its API; the SDK has
 * aliases for the versions of the built-in kinds only. Without aliases, the engine would create the object again under
 * the new version before it deletes the former one, and the API server would refuse that.
 * @param former former name of the resource in the program. Default: none.
 */
export function customResource(
  name: string,
  args: CustomResourceArgs,
  opts: pulumi.CustomResourceOptions,
  former?: string,
): k8s.apiextensions.CustomResource {
  return new k8s.apiextensions.CustomResource(name, args, {
    ...opts,
    aliases: [...(opts.aliases ?? []), ...aliasesOf(args, former)],
  });
}

function aliasesOf({ apiVersion, kind }: CustomResourceArgs, former?: string): pulumi.Alias[] {
  const [group, version] = apiVersion.split("/");
  const types = commonVersions
    .filter((other) => other !== version)
    .map((other) => ({ type: `kubernetes:${group}/${other}:${kind}` }));
  if (former === undefined) return types;
  return [...types, { name: former }, ...types.map((type) => ({ ...type, name: former }))];
}
