import type * as pulumi from "@pulumi/pulumi";
import { extensionsAfterNamespaces } from "../components/shared/order";
import type { StackConfig } from "../config";
import { distinctObjects } from "./distinct";
import { withTransforms, type Transformed } from "./transforms";

/**
 * Returns the options of every component of a stack: the cluster, and what applies to all of its objects.
 * @param cluster the options with the provider.
 */
export function optionsOf(
  stack: Pick<StackConfig, "transforms">,
  cluster: pulumi.ComponentResourceOptions,
  packages: readonly object[],
): Transformed {
  const { opts, endTransforms } = withTransforms(stack, cluster);
  return { opts: distinctObjects(extensionsAfterNamespaces(opts), packages), endTransforms };
}
