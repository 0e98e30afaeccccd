import { changedLeaves } from "../leaves";
import { code, words } from "../markdown";
import { byParent, titleOf, titlesOf, type Step } from "../steps";
import type { Danger } from "./danger";

/** Maximum number of replaced objects that are named as the cause of another replacement. */
const maxCauses = 3;

/** Maximum number of fields that are named as the cause of a replacement. */
const maxPaths = 5;

/** Kinds whose deletion has consequences beyond the object. */
const consequences: Record<string, string> = {
  Namespace: "everything in it is deleted with it",
  PersistentVolumeClaim: "its data may be deleted with it",
  PersistentVolume: "its data may be deleted with it",
  StatefulSet: "its pods lose their identity, and by its retention policy their volumes",
  CustomResourceDefinition: "every object of its kind is deleted with it, in all namespaces",
  Secret: "its content is lost",
  RandomPassword: "the password is lost",
};

/** Returns objects that the update deletes, or deletes and creates again. */
export function endingDangers(step: Step): Danger[] {
  const title = titleOf(step);
  const loss = consequences[step.kind];
  if (step.op === "replace" && step.keeps) {
    const text = words`${title} is created again` + `, ${causeOf(step)}`;
    return [{ kind: "replacement", text: sentence(text, "the former one stays in the cluster") }];
  }
  if (step.op === "replace") {
    const text = words`${title} is deleted and created again` + `, ${causeOf(step)}`;
    return [{ kind: loss === undefined ? "replacement" : "data", text: sentence(text, loss) }];
  }
  if (step.op !== "delete" || step.keeps || loss === undefined) return [];
  return [{ kind: "data", text: sentence(words`${title} is deleted`, loss) }];
}

/** Returns other deletions, one sentence for each component. */
export function deletions(changed: readonly Step[]): Danger[] {
  const gone = changed.filter(({ op }) => op === "delete");
  const left = gone.filter(({ keeps }) => keeps);
  const groups = byParent(gone.filter(({ keeps, kind }) => !keeps && !(kind in consequences)));
  return [
    ...groups.map((objects): Danger => {
      const parent = objects[0]?.parent;
      const of = parent === undefined ? "" : words`of ${parent}, `;
      return { kind: "deletion", text: `Deleted: ${of}${titlesOf(objects)}.` };
    }),
    ...left.map((step): Danger => {
      const text = words`${titleOf(step)} is no longer declared, and stays in the cluster as it is.`;
      return { kind: "deletion", text };
    }),
  ];
}

function sentence(text: string, loss: string | undefined): string {
  return loss === undefined ? `${text}.` : `${text}: ${loss}.`;
}

/** Returns the fields that change within one that the plugin names: it names all of `spec`. */
function leavesOf(step: Step, cause: string): string[] {
  const within = changedLeaves(step)
    .map(({ path }) => path)
    .filter((path) => path.startsWith(`${cause}.`) || path.startsWith(`${cause}[`));
  return within.length > 0 ? within : [cause];
}

/** Returns why an object is replaced, as the end of a sentence. */
function causeOf(step: Step): string {
  const { causes, differing, follows } = step;
  const named =
    causes.length > 0
      ? causes.flatMap((cause) => leavesOf(step, cause))
      : differing.map(({ path }) => path);
  const paths = [...new Set(named)];
  if (paths.length > 0) return words`because of ${paths.slice(0, maxPaths).join(", ")}`;
  if (follows.length === 0) return "because something that it depends on is replaced";
  const titles = follows.slice(0, maxCauses).map((title) => code(title));
  const more = follows.length - titles.length;
  const all = more > 0 ? `${titles.join(", ")} and ${more} more` : titles.join(", ");
  return `because it depends on ${all}, which ${follows.length === 1 ? "is" : "are"} replaced`;
}
