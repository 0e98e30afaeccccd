import { titleOf, type KubernetesObject } from "../../render/objects";
import type { Finding, StepRule } from "../rule";
import { objectOf, type Step } from "../steps";

/** Set to "true" on an object by whoever means its data to be lost. */
const deletionAnnotation = "platform/allow-deletion";

/** Kinds without which requests are lost for as long as they are away. */
const live = ["Deployment", "Service", "HTTPRoute"];

/** Kinds whose end takes data with it. */
const withData = ["PersistentVolumeClaim", "Namespace"];

/** What an update must not do, whatever the objects are afterwards. */
export const changeRules: StepRule[] = [
  {
    id: "replaceLive",
    title: "No Deployment, Service or HTTPRoute of production is deleted and made anew",
    level: "mandatory",
    check: (steps, { environment }) =>
      environment !== "online"
        ? []
        : replacements(steps)
            .filter(({ kind }) => live.includes(kind))
            .map((object) => ({
              object: titleOf(object),
              message:
                "it is deleted and made anew, and requests are lost meanwhile; keep the fields that cannot be changed, or release under another name",
            })),
  },
  {
    id: "deleteData",
    title: `No PersistentVolumeClaim or Namespace is deleted without ${deletionAnnotation}: "true"`,
    level: "mandatory",
    check: (steps) => [
      ...new Map(steps.flatMap(dataLoss).map((each) => [each.object, each])).values(),
    ],
  },
];

const replaceOps = ["replace", "create-replacement", "delete-replaced"];

/**
 * Objects that are deleted and made anew: as the engine tells it, or because the program gave one
 * another name of its own, which the engine takes for two different objects.
 */
function replacements(steps: Step[]): KubernetesObject[] {
  const made = new Set(
    steps
      .filter(({ op }) => op === "create")
      .flatMap(({ new: next }) => {
        const object = objectOf(next);
        return object === undefined ? [] : [titleOf(object)];
      }),
  );
  const found = steps.flatMap((step) => {
    const object = objectOf(step.old) ?? objectOf(step.new);
    if (object === undefined) return [];
    const renamed = isDeleted(step) && made.has(titleOf(object));
    return renamed || replaceOps.includes(step.op) ? [object] : [];
  });
  return [...new Map(found.map((object) => [titleOf(object), object])).values()];
}

function dataLoss(step: Step): Finding[] {
  const object = objectOf(step.old);
  const gone = isDeleted(step) || replaceOps.includes(step.op);
  if (object === undefined || !gone || !withData.includes(object.kind)) return [];
  if (isAllowed(step)) return [];
  const { kind, metadata } = object;
  const place = metadata.namespace === undefined ? "" : ` -n ${metadata.namespace}`;
  return [
    {
      object: titleOf(object),
      message: `it is deleted, and what it holds is lost. If that is meant: kubectl annotate ${kind.toLowerCase()} ${metadata.name}${place} ${deletionAnnotation}=true, then pulumi refresh`,
    },
  ];
}

function isDeleted({ op, old }: Step): boolean {
  return op === "delete" && old?.retainOnDelete !== true;
}

/** As declared, or as a refresh found it. */
function isAllowed({ old }: Step): boolean {
  return [old?.inputs, old?.outputs].some((fields) => {
    const { annotations } = (fields?.metadata ?? {}) as {
      annotations?: Record<string, unknown>;
    };
    return annotations?.[deletionAnnotation] === "true";
  });
}
