import type { ImageSource } from "../../versions/images";
import type * as pulumi from "@pulumi/pulumi";
import { platformNamespace, type PodSecurity } from "./namespace";
import type { PlacementRules } from "./placement";

/** Settings of the stack that every part of the platform needs. */
export interface PlatformContext {
  /** Environment of the stack, for example `online`. */
  environment: string;
  /** Prefix of an internal image mirror. Default: images come from their own registries. */
  imageMirror?: ImageSource;
  /** Node group and priority classes of the platform's pods. Default: any node, no priority class. */
  placement?: PlacementRules;
  /** Address ranges of the API server. Default: any address outside the link-local range. */
  apiServer?: string[];
  /** Address ranges of DNS servers outside `kube-system`. Default: the node-local DNS cache. */
  dnsServers?: string[];
}

/** A part of the platform during its declaration: its namespace, and properties that all of its objects share. */
export interface Part {
  /** Value of the label `app.kubernetes.io/part-of` of all its objects. */
  name: string;
  /** Namespace of its objects, once it exists; a plain name if another part declares it. */
  namespace: pulumi.Input<string>;
  /** Parent component of its objects. */
  parent: pulumi.Resource;
  context: PlatformContext;
  /** Network policies of its workloads; {@link closeNamespace} waits for them. */
  policies: pulumi.Resource[];
}

/** A part with a namespace of its own. */
export interface DeclaredPart extends Part {
  namespace: pulumi.Output<string>;
}

/** Arguments of {@link declarePart}. */
export interface PartArgs {
  /** Context of the stack: environment, image mirror and placement. */
  context: PlatformContext;
  /** Name of the namespace. Default: the name of the part. */
  namespace?: string;
  /** Pod Security level that the namespace enforces. Default: `restricted`; any other level needs a reason. */
  podSecurity?: PodSecurity;
}

/**
 * Declares the namespace of a part. Call `closeNamespace` of `network-policy.ts` after all workloads of the part are
 * declared.
 */
export function declarePart(
  name: string,
  { context, namespace = name, podSecurity }: PartArgs,
  parent: pulumi.Resource,
): DeclaredPart {
  return {
    name,
    namespace: platformNamespace(namespace, parent, context.environment, podSecurity),
    parent,
    context,
    policies: [],
  };
}
