import * as pulumi from "@pulumi/pulumi";
import { mirroredReference, type ImageSource } from "../../versions/images";
import { declarePart, type PlatformContext } from "../shared/context";
import { packageLabel } from "../shared/labels";
import type { PodSecurity } from "../shared/namespace";
import { declareObject, type PackageObject } from "./kinds";
import { openNetwork, type NetworkArgs } from "./network";
import { inOrder } from "./order";
import { containersIn, podSpecIn } from "./pods";

/** Arguments of {@link Package}. */
export interface PackageArgs {
  /** Context of the stack: environment, and the mirror that images come from. */
  context: PlatformContext;
  /** Objects of the package, each with its namespace if its kind is namespaced. */
  objects: PackageObject[];
  /** Former name of the package, whose objects it keeps. Default: none. */
  formerly?: string;
  /** Namespace of the owning team, once it exists. Default: none. */
  namespace?: pulumi.Output<string>;
  /** The package's own namespace. Default: none, for a package that belongs to a team. */
  own?: { namespace: string; podSecurity: PodSecurity; network: NetworkArgs };
}

/** A package, with the arguments that it does not get from other parts. */
export interface PackageDeclaration {
  name: string;
  /** Team whose namespace it goes to. Default: none, for a package with its own namespace. */
  team?: string;
  args: Pick<PackageArgs, "objects" | "own" | "formerly">;
}

/** Declares every package, each in its team's namespace or in its own. */
export function declarePackages(
  packages: readonly PackageDeclaration[],
  {
    context,
    namespaces = {},
  }: Pick<PackageArgs, "context"> & { namespaces?: Record<string, pulumi.Output<string>> },
  opts: pulumi.ComponentResourceOptions,
): void {
  for (const { name, team, args } of packages) {
    const namespace = team === undefined ? undefined : namespaces[team];
    new Package(name, { context, namespace, ...args }, opts);
  }
}

/** Objects that another tool rendered: a chart, a kustomization or a folder of YAML files. */
export class Package extends pulumi.ComponentResource {
  constructor(name: string, args: PackageArgs, opts: pulumi.ComponentResourceOptions) {
    // Without an alias of its own: a refreshing preview fails at a component with one (pulumi/pulumi#21404).
    super("platform:charts:Package", name, {}, opts);
    const namespace = args.own === undefined ? args.namespace : this.ownNamespace(name, args);
    const done: pulumi.Resource[] = [];
    for (const group of inOrder(args.objects)) {
      const dependsOn = [...done];
      for (const object of group) {
        const declared = adaptObject(name, object, args.context.imageSource);
        done.push(
          declareObject(
            `${name}/${object.metadata.name}`,
            object.metadata.namespace === undefined || namespace === undefined
              ? declared
              : inNamespace(declared, namespace),
            { parent: this, dependsOn },
            args.formerly && `${args.formerly}/${object.metadata.name}`,
          ),
        );
      }
    }
    this.registerOutputs({});
  }

  private ownNamespace(name: string, { context, own }: PackageArgs): pulumi.Output<string> {
    const { namespace = name, podSecurity = "restricted", network } = own ?? {};
    const part = declarePart(name, { context, namespace, podSecurity }, this);
    if (network !== undefined) openNetwork(part, namespace, network);
    return part.namespace;
  }
}

/** Returns the object with its namespace as an output, so that it is created afterwards. */
function inNamespace(object: PackageObject, namespace: pulumi.Output<string>): PackageObject {
  const metadata = { ...object.metadata, namespace: namespace as unknown as string };
  return { ...object, metadata };
}

/** Adds the platform's labels to an object, and pulls its images from the mirror. */
function adaptObject(name: string, object: PackageObject, source?: ImageSource): PackageObject {
  const labels = {
    ...object.metadata.labels,
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/part-of": name,
    [packageLabel]: name,
  };
  const copy = structuredClone(object);
  for (const container of containersIn(podSpecIn(copy))) {
    if (typeof container.image === "string") {
      container.image = mirroredReference(container.image, source);
    }
  }
  return { ...copy, metadata: { ...copy.metadata, labels } };
}
