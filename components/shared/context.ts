import type { ImageSource } from "../../versions/images";
import type * as pulumi from "@pulumi/pulumi";
import { platformNamespace, type PodSecurity } from "./namespace";
import type { PlacementRules } from "./placement";

/** What every part of the platform knows about the stack that it is declared in. */
export interface PlatformContext {
  /** Environment of the stack, for example `online`. */
  environment: string;
  /** Prefix of an internal image mirror; images come from their own registries without it. */
  imageMirror?: ImageSource;
  /** Node group and priority classes of the platform's pods; any node without it. */
  placement?: PlacementRules;
  /** Address ranges of the API server; any address outside of the link-local range without it. */
  apiServer?: string[];
  /** Address ranges of DNS servers outside of `kube-system`; the node-local DNS cache without it. */
  dnsServers?: string[];
}

/** One part of the platform while it is being declared: its namespace, and what its objects share. */
export interface Part {
  /** Value of the label `app.kubernetes.io/part-of` of all its objects. */
  name: string;
  /** Namespace of its objects, once it exists. */
  namespace: pulumi.Output<string>;
  /** Component that its objects are children of. */
  parent: pulumi.Resource;
  context: PlatformContext;
  /** Network policies of its workloads; {@link closeNamespace} waits for them. */
  policies: pulumi.Resource[];
}

/** Arguments of {@link declarePart}. */
export interface PartArgs {
  context: PlatformContext;
  /** Name of the namespace; the part's name without it. */
  namespace?: string;
  /** Pod Security level that the namespace enforces, `restricted` without it; another one needs a reason. */
  podSecurity?: PodSecurity;
}

/**
 * Declares the namespace of a part. Call `closeNamespace` of `network-policy.ts` once all workloads
 * of the part are declared.
 */
export function declarePart(
  name: string,
  { context, namespace = name, podSecurity }: PartArgs,
  parent: pulumi.Resource,
): Part {
  return {
    name,
    namespace: platformNamespace(namespace, parent, context.environment, podSecurity),
    parent,
    context,
    policies: [],
  };
}
