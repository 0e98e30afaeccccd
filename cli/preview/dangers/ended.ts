import { code, words } from "../markdown";
import { byParent, titleOf, titlesOf, type Step } from "../steps";
import type { Danger } from "./danger";

/** Replaced objects that are named as the cause of another replacement. */
const mostCauses = 3;

/** Kinds whose end takes other things with it, and what those are. */
const takesAlong: Record<string, string> = {
  Namespace: "everything in it goes with it",
  PersistentVolumeClaim: "its data may go with it",
  PersistentVolume: "its data may go with it",
  StatefulSet: "its pods lose their identity, and by its retention policy their volumes",
  CustomResourceDefinition: "every object of its kind goes with it, in all namespaces",
  Secret: "what it holds is lost",
  RandomPassword: "the password is lost",
};

/** What is deleted, for good or to be made anew. */
export function ended(step: Step): Danger[] {
  const title = titleOf(step);
  const loss = takesAlong[step.kind];
  if (step.op === "replace") {
    const text = words`${title} is deleted and made anew` + `, ${causeOf(step)}`;
    return [{ kind: loss === undefined ? "replacement" : "data", text: sentence(text, loss) }];
  }
  if (step.op !== "delete" || step.keeps || loss === undefined) return [];
  return [{ kind: "data", text: sentence(words`${title} is deleted`, loss) }];
}

/** Other deletions, one sentence for each component. */
export function deletions(changed: readonly Step[]): Danger[] {
  const gone = changed.filter(({ op }) => op === "delete");
  const left = gone.filter(({ keeps }) => keeps);
  const groups = byParent(gone.filter(({ keeps, kind }) => !keeps && !(kind in takesAlong)));
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

/** Why an object is replaced, as the rest of a sentence. */
function causeOf({ causes, differing, follows }: Step): string {
  const paths = [...new Set(causes.length > 0 ? causes : differing.map(({ path }) => path))];
  if (paths.length > 0) return words`because of ${paths.join(", ")}`;
  if (follows.length === 0) return "as something that it depends on is replaced";
  const titles = follows.slice(0, mostCauses).map((title) => code(title));
  const more = follows.length - titles.length;
  const all = more > 0 ? `${titles.join(", ")} and ${more} more` : titles.join(", ");
  return `as it depends on ${all}, which ${follows.length === 1 ? "is" : "are"} replaced`;
}
