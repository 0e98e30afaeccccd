import type { EngineEvent } from "@pulumi/pulumi/automation";
import { titleOf } from "../../config/kubernetes-object";
import type { State } from "../../engine/state";
import { code } from "./markdown";

export { titleOf };

/** Maximum number of objects of one group that are named. */
const maxNames = 25;

/** A step as the engine reports it. */
export type StepMetadata = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];

/** What happens to an object. */
export type Operation = "create" | "update" | "replace" | "delete" | "import";

/** Plain fields of a resource. */
export type Fields = Record<string, unknown>;

/** A Kubernetes object as the program declares it. */
export interface ClusterObject extends Fields {
  kind?: unknown;
  metadata?: { name?: unknown; namespace?: unknown };
}

/** Every Kubernetes object before the update and after it. */
export interface Objects {
  before: readonly ClusterObject[];
  after: readonly ClusterObject[];
}

/** The parts of a resource that may contain values of Secrets. */
export interface Contents {
  name: string;
  namespace: string | undefined;
  before: Fields | undefined;
  after: Fields | undefined;
  found: Fields | undefined;
}

/** One change of one resource. */
export interface Step {
  op: Operation;
  urn: string;
  /** Pulumi's type, for example `kubernetes:apps/v1:Deployment`. */
  type: string;
  /** `Deployment`. */
  kind: string;
  /** Name in the cluster, or in the program if the resource is not a Kubernetes object. */
  name: string;
  namespace: string | undefined;
  /** The component that contains it, for example `Release shop-1-4-2`. */
  parent: string | undefined;
  /** URN of its parent; URN and ID of its provider. */
  parentUrn?: string;
  provider?: string;
  /** Whether it is a real resource, not a component. */
  real: boolean;
  /** What the program declared before, and declares now. */
  before: Fields | undefined;
  after: Fields | undefined;
  /** The object before. */
  found: Fields | undefined;
  /** The same with a number for each secret value, to compare masked values; shown without the numbers. */
  numbered?: Contents;
  /**
   * The same with the values of Secrets, if it has any, for comparisons that depend on their meaning. It is a function,
   * so that nothing that prints a step prints them.
   */
  plain?: () => Contents;
  /** Paths in which the plugin sees a difference; `asked` if the declared inputs differ there. */
  differing: { path: string; asked: boolean }[];
  /** Fields that cause its replacement. */
  causes: string[];
  /** Titles of the replaced objects that cause its replacement. */
  follows: string[];
  /** Whether it was not ready when it was last updated or read: the update waits for it again. */
  unready: boolean;
  /** Whether the object stays in the cluster when it is removed from the program. */
  keeps: boolean;
}

/** The single steps of a replacement are left out, because the replacement itself contains all information. */
const operations: Record<string, Operation> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  import: "import",
  "import-replacement": "import",
};

/** Returns the step if it changes something. */
export function stepOf(metadata: StepMetadata): Step[] {
  const op = operations[metadata.op];
  if (op === undefined || metadata.type === "pulumi:pulumi:Stack") return [];
  return [stepAs(op, metadata)];
}

/**
 * Returns the result of a refresh as the step from the recorded to the live object; undefined if they are
 * equal. The plugin's difference decides, because the plugin knows which fields belong to the program.
 */
export function handStepOf(metadata: StepMetadata): Step | undefined {
  if (metadata.old?.custom !== true) return undefined;
  if (metadata.new == null) return { ...stepAs("delete", metadata), after: undefined };
  const differs = Object.keys(metadata.detailedDiff ?? {}).length > 0;
  return differs ? stepAs("update", metadata) : undefined;
}

/** The resource of an event as a step of this kind, whatever the event says. */
export function stepAs(op: Operation, metadata: StepMetadata): Step {
  const { old, new: next, type, urn } = metadata;
  const state = next ?? old;
  const fields = (next ?? old)?.inputs as Fields | undefined;
  const { name, namespace } = (fields?.metadata ?? {}) as { name?: unknown; namespace?: unknown };
  return {
    op,
    urn,
    type,
    kind: type.split(":").at(-1) ?? type,
    name: typeof name === "string" ? name : lastName(urn),
    namespace: typeof namespace === "string" ? namespace : undefined,
    parent: parentOf(state?.parent),
    ...(state && { parentUrn: state.parent, provider: state.provider }),
    real: state?.custom === true,
    before: old?.inputs,
    after: next?.inputs,
    found: old?.outputs,
    differing: Object.entries(metadata.detailedDiff ?? {}).map(([path, { inputDiff }]) => ({
      path,
      asked: inputDiff,
    })),
    causes: metadata.keys ?? [],
    follows: [],
    unready: (old?.initErrors?.length ?? 0) > 0,
    keeps: (old ?? next)?.retainOnDelete === true,
  };
}

/** Returns the parts of a step that may contain values of Secrets. */
export function contentsOf({ name, namespace, before, after, found }: Step): Contents {
  return { name, namespace, before, after, found };
}

/** Adds the objects that are replaced because of others, by the dependencies in the state. */
export function withFollowers(steps: readonly Step[], state: State): Step[] {
  const replaced = new Map(
    steps.filter(({ op }) => op === "replace").map((step) => [step.urn, titleOf(step)]),
  );
  const dependencies = new Map(
    (state.deployment.resources ?? []).map((it) => [
      it.urn,
      [...(it.dependencies ?? []), ...Object.values(it.propertyDependencies ?? {}).flat()],
    ]),
  );
  return steps.map((step) => {
    if (step.op !== "replace" || step.causes.length > 0) return step;
    const titles = (dependencies.get(step.urn) ?? []).flatMap(
      (urn) => replaced.get(urn ?? "") ?? [],
    );
    return { ...step, follows: [...new Set(titles)] };
  });
}

/** Returns the titles of several objects as inline code; of a long list, only the first ones. */
export function titlesOf(steps: readonly Step[]): string {
  const names = steps.slice(0, maxNames).map((step) => code(titleOf(step)));
  const more = steps.length - names.length;
  return more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
}

/** Groups steps by the component that contains their objects. */
export function byParent(steps: readonly Step[]): Step[][] {
  const found = new Map<string, Step[]>();
  for (const step of steps) {
    const key = step.parent ?? "";
    found.set(key, [...(found.get(key) ?? []), step]);
  }
  return [...found.values()];
}

/** Returns the objects in the steps, before and after. */
export function objectsOf(steps: readonly Step[]): Objects {
  const kubernetes = steps.filter(({ type }) => type.startsWith("kubernetes:"));
  return {
    before: kubernetes.flatMap(({ before }) => (before === undefined ? [] : [before])),
    after: kubernetes.flatMap(({ after }) => (after === undefined ? [] : [after])),
  };
}

/** Kinds of immutable objects, which get a new name for new content. */
const hashNamed = ["ConfigMap", "Secret", "Job"];

/** Returns the name of an object without the hash at the end. */
function stem(name: string): string {
  return name.replace(/-[0-9a-f]{10}$/, "");
}

/**
 * Merges the two steps with which an object changes whose name contains the hash of its content: the new one is
 * created, the old one deleted.
 */
export function pairReplacements(steps: readonly Step[]): Step[] {
  const key = ({ type, namespace, parent, name }: Step) =>
    JSON.stringify([type, namespace, parent, stem(name)]);
  const hashed = steps.filter(({ kind, name }) => hashNamed.includes(kind) && stem(name) !== name);
  const created = new Map(
    hashed.filter(({ op }) => op === "create").map((step) => [key(step), step]),
  );
  const pairs = hashed
    .filter(({ op }) => op === "delete")
    .flatMap((gone) => {
      const made = created.get(key(gone));
      if (made === undefined) return [];
      created.delete(key(gone));
      return [{ gone, made }];
    });
  return steps.flatMap((step) => {
    if (pairs.some(({ gone }) => gone === step)) return [];
    const pair = pairs.find(({ made }) => made === step);
    if (pair === undefined) return [step];
    const { before, numbered, plain } = pair.gone;
    const both = step.numbered && { ...step.numbered, before: numbered?.before ?? before };
    const whole = step.plain?.() ?? (plain && contentsOf(step));
    return [
      {
        ...step,
        op: "update",
        before,
        ...(both && { numbered: both }),
        ...(whole && { plain: () => ({ ...whole, before: plain?.().before ?? before }) }),
      },
    ];
  });
}

function parentOf(urn: string | undefined): string | undefined {
  if (urn === undefined || urn === "") return undefined;
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return type === "pulumi:pulumi:Stack" ? undefined : `${type.split(":").at(-1)} ${lastName(urn)}`;
}

function lastName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
