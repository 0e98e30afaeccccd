import { groupOf } from "../../components/charts/kinds";
import { titleOf, type KubernetesObject } from "../../render/objects";
import type { StepRule } from "../rule";
import { objectOf, type Step } from "../steps";

/** An object that an update creates while it still exists in the cluster. */
interface Clash {
  object: KubernetesObject;
  former: KubernetesObject;
  /** The step that creates it. */
  made: Step;
  /** The step that deletes it afterwards; the same one if the object is replaced and stays. */
  gone: Step;
}

const creates = ["create", "replace", "create-replacement"];
const deletes = ["delete", "replace", "delete-replaced"];

/** Rules about objects that an update would create a second time. */
export const existingRules: StepRule[] = [
  {
    id: "createExisting",
    title: "No object is created that the cluster still has",
    level: "mandatory",
    check: (steps) => {
      const found = clashes(steps).map(({ object, ...clash }) => ({
        object: titleOf(object),
        message:
          clash.made.urn === clash.gone.urn
            ? remainingObjectMessage(object, clash.made)
            : twoResourcesMessage({ object, ...clash }),
      }));
      return [...new Map(found.map((each) => [each.object, each])).values()];
    },
  },
];

/**
 * Whether a step seems to delete an object, but the update would fail before: another step creates the same object.
 * @returns a function for the steps of one preview.
 */
export function isDeletedTooLate(steps: Step[]): (step: Step) => boolean {
  const urns = new Set(clashes(steps).map(({ gone }) => gone.urn));
  return ({ urn }) => urns.has(urn);
}

/**
 * Returns the objects that exist when the update creates them. The engine deletes at the end, except for an object that
 * is replaced under its own name: the plugin deletes that one first, if it is deleted at all.
 */
function clashes(steps: Step[]): Clash[] {
  const existing = new Map<string, { former: KubernetesObject; gone: Step }>();
  for (const step of steps) {
    const former = objectOf(step.old);
    if (former !== undefined && deletes.includes(step.op))
      existing.set(keyOf(former), { former, gone: step });
  }
  return steps.flatMap((made) => {
    const object = objectOf(made.new);
    if (object === undefined || !creates.includes(made.op)) return [];
    const found = existing.get(keyOf(object));
    if (found === undefined) return [];
    const { former, gone } = found;
    const isDeletedFirst = made.urn === gone.urn && gone.old?.retainOnDelete !== true;
    return isDeletedFirst ? [] : [{ object, former, made, gone }];
  });
}

/** Identifies an object in the cluster, in whichever version of its API it is written. */
function keyOf({ apiVersion, kind, metadata: { namespace, name } }: KubernetesObject): string {
  return JSON.stringify([groupOf(apiVersion), kind, namespace, name]);
}

function remainingObjectMessage({ kind }: KubernetesObject, { urn }: Step): string {
  const [fields, next] =
    kind === "PersistentVolumeClaim"
      ? [
          "the class and the access modes of a claim cannot change",
          "add a volume under another name and copy the files (docs/guides/kinds-of-apps.md)",
        ]
      : ["it has fields that cannot change", "give the new object another name"];
  return `${fields}, and it stays in the cluster when the program replaces it: the update could not create another one of this name. Leave them as they are, or ${next}. If an update has already failed to replace it, then run: npx platform recover ${stackIn(urn)}`;
}

function twoResourcesMessage({ object, former, made, gone }: Clash): string {
  const [from, to] = [nameIn(gone.urn), nameIn(made.urn)];
  const other = from === to ? `${from} of another type` : from;
  return `expected one resource that declares it, got ${to} and, until now, ${other}: the update would create it before it deletes the former one, which the API server refuses. ${nextStep({ object, former, made, gone })}`;
}

function nextStep({ object, former, made, gone }: Clash): string {
  const sameType = typesIn(gone.urn) === typesIn(made.urn);
  const rename = `pulumi state rename --yes '${gone.urn}' '${nameIn(made.urn)}' --stack ${stackIn(made.urn)}`;
  const entries = renamedEntry(gone.urn, made.urn);
  if (entries !== undefined) {
    const { from, to } = entries;
    const moves = sameType
      ? ` If the object moves from ${from} to ${to}, rename it in the state: ${rename}`
      : " If it is set, change the apiVersion in another update.";
    return `If ${from} in platform:components is now named ${to}, set formerly: ${from} there.${moves}`;
  }
  if (sameType) return `Rename it in the state: ${rename}`;
  return nameIn(gone.urn) === nameIn(made.urn) && former.apiVersion !== object.apiVersion
    ? `Keep its apiVersion ${former.apiVersion}, or add the version to commonVersions in components/shared/custom-resource.ts`
    : "Remove it in one update, and declare it in a second update, which creates it again";
}

/** Returns the entries of charts or manifests that declare an object, if the two resources differ in nothing else. */
function renamedEntry(gone: string, made: string): { from: string; to: string } | undefined {
  if (![gone, made].every((urn) => typesIn(urn).startsWith("platform:charts:Package$"))) return;
  const [from, ...before] = nameIn(gone).split("/");
  const [to, ...after] = nameIn(made).split("/");
  const differ = from !== to && before.length > 0 && before.join("/") === after.join("/");
  return differ && from !== undefined && to !== undefined ? { from, to } : undefined;
}

/** `urn:pulumi:<stack>::<project>::<parents' types$type>::<name>`. */
function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function typesIn(urn: string): string {
  return urn.split("::")[2] ?? "";
}

function stackIn(urn: string): string {
  return urn.split("::")[0]?.split(":").at(-1) ?? "";
}
