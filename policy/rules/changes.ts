import { titleOf, type KubernetesObject } from "../../render/objects";
import type { Finding, StepRule } from "../rule";
import { objectOf, type Step } from "../steps";
import { isDeletedTooLate } from "./existing";

/** "true" on an object confirms that its data may be deleted. */
const deletionAnnotation = "platform/allow-deletion";

/** Kinds that serve requests: deleting one of them loses requests. */
const live = ["Deployment", "Service", "HTTPRoute"];

/** Kinds whose deletion deletes data. */
const withData = ["PersistentVolumeClaim", "Namespace"];

/** Rules about the steps of an update, regardless of its result. */
export const changeRules: StepRule[] = [
  {
    id: "replaceLive",
    title: "No Deployment, Service or HTTPRoute of production is deleted and created again",
    level: "mandatory",
    check: (steps, { environment }) =>
      environment !== "online"
        ? []
        : replacements(withoutMoves(steps))
            .filter(({ kind }) => live.includes(kind))
            .map((object) => ({
              object: titleOf(object),
              message:
                "expected an update in place, got a deletion and a new object, which loses requests in between; keep the fields that cannot be changed, or release under another name",
            })),
  },
  {
    id: "deleteData",
    title: `No PersistentVolumeClaim or Namespace is deleted without ${deletionAnnotation}: "true"`,
    level: "mandatory",
    check: (steps) => {
      // The update fails before it deletes these: the rule `createExisting` says what to do.
      const fails = isDeletedTooLate(steps);
      const found = steps.filter((step) => !fails(step)).flatMap(dataLoss);
      return [...new Map(found.map((each) => [each.object, each])).values()];
    },
  },
];

const replaceOps = ["replace", "create-replacement", "delete-replaced"];

/** Returns objects that the engine deletes and creates again. */
function replacements(steps: Step[]): KubernetesObject[] {
  const found = steps
    .filter(({ op }) => replaceOps.includes(op))
    .flatMap((step) => objectOf(step.old) ?? objectOf(step.new) ?? []);
  return [...new Map(found.map((object) => [titleOf(object), object])).values()];
}

/** Returns the steps without those that move an app; the step that deletes does not say where the object goes. */
function withoutMoves(steps: Step[]): Step[] {
  const moved = new Set(steps.filter(movesWithApp).map(({ urn }) => urn));
  return steps.filter(({ op, urn }) => !replaceOps.includes(op) || !moved.has(urn));
}

/**
 * Whether a step is part of an app's move to another namespace: the object in the new one serves requests before the
 * former one is deleted. Only a fixed node port, which one Service at a time can have, is closed for a moment.
 */
function movesWithApp({ op, urn, old, new: next }: Step): boolean {
  if (!replaceOps.includes(op) || !urn.includes("platform:app:App$")) return false;
  const [from, to] = [objectOf(old), objectOf(next)];
  if (from === undefined || to === undefined || hasNodePort(to)) return false;
  return from.metadata.namespace !== to.metadata.namespace;
}

function hasNodePort({ spec }: KubernetesObject): boolean {
  return (spec as { type?: unknown } | undefined)?.type === "NodePort";
}

function dataLoss(step: Step): Finding[] {
  const object = objectOf(step.old);
  if (object === undefined || !isDeleted(step) || !withData.includes(object.kind)) return [];
  if (isAllowed(step)) return [];
  return [
    {
      object: titleOf(object),
      message: `expected ${deletionAnnotation}: "true" before its deletion, got none: its data would be lost. If this is intended: ${deletionPermit(object)}, then pulumi refresh`,
    },
  ];
}

/** What identifies an object for kubectl. */
interface Addressed {
  kind: string;
  metadata: { name: string; namespace?: string };
}

/** Returns the command that lets an update delete an object; undefined if the policy does not refuse it. */
export function deletionPermit({ kind, metadata }: Addressed): string | undefined {
  const { name, namespace } = metadata;
  if (!withData.includes(kind)) return undefined;
  const place = namespace === undefined ? "" : ` -n ${namespace}`;
  return `kubectl annotate ${kind.toLowerCase()} ${name}${place} ${deletionAnnotation}=true`;
}

function isDeleted({ op, old }: Step): boolean {
  return (op === "delete" || replaceOps.includes(op)) && old?.retainOnDelete !== true;
}

/** As declared, or as a refresh read it. */
function isAllowed({ old }: Step): boolean {
  return [old?.inputs, old?.outputs].some((fields) => {
    const { annotations } = (fields?.metadata ?? {}) as {
      annotations?: Record<string, unknown>;
    };
    return annotations?.[deletionAnnotation] === "true";
  });
}
