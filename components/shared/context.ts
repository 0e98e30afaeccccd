import type { ImageSource } from "../../versions/images";
import type * as pulumi from "@pulumi/pulumi";
import type { ComponentsConfig, PartConfig } from "../../config";
import { platformNamespace, type PodSecurity } from "./namespace";
import type { PlacementRules } from "./placement";

/** Settings of the stack that every part of the platform needs. */
export interface PlatformContext {
  /** Environment of the stack, for example `online`. */
  environment: string;
  /** Mirror of the platform's images, and whether pods name digests. Default: the publishers' registries, with digests. */
  imageSource?: ImageSource;
  /** Node group and priority classes of the platform's pods. Default: any node, no priority class. */
  placement?: PlacementRules;
  /** Address ranges of DNS servers outside `kube-system`. Default: the node-local DNS cache. */
  dnsServers?: string[];
}

/**
 * What the component of every part takes, in this one form. Each adds the facts that it needs of the rest of the stack:
 * what other parts return, and what other sections of the config say.
 */
export interface PartArgs<Name extends keyof ComponentsConfig> {
  /** Context of the stack: environment, image mirror and placement. */
  context: PlatformContext;
  /** Validated config of the part, `platform:components.<part>`. */
  config: PartConfig<Name>;
}

/** Properties that all objects of a part, or of an app, share. */
export interface Owner {
  /** Value of the label `app.kubernetes.io/part-of`. */
  name: string;
  /** Namespace of the objects, once it exists; a plain name if another part declares it. */
  namespace: pulumi.Input<string>;
  /** Parent component. */
  parent: pulumi.Resource;
}

/** A part of the platform during its declaration. */
export interface Part extends Owner {
  context: PlatformContext;
  /** Network policies of its workloads; {@link closeNamespace} waits for them. */
  policies: pulumi.Resource[];
}

/** A part with a namespace of its own. */
export interface DeclaredPart extends Part {
  namespace: pulumi.Output<string>;
}

/** Arguments of {@link declarePart}. */
export interface NamespaceArgs {
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
  { context, namespace = name, podSecurity }: NamespaceArgs,
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
