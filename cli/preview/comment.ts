import { handItems } from "./by-hand";
import { changeItems, counts } from "./changes";
import { checkTexts } from "./checks";
import { code, words } from "./markdown";
import type { Report } from "./report";
import { approval, errorItems, origin, trafficItems, undoItems } from "./sections";

/** Maximum length of a comment, characters. */
export const lengthLimit = 60_000;

/** Space for titles and for the lines that say what was left out. */
const reserve = 2000;

/** Part of a comment: a list whose end can be left out. */
interface Section {
  title: string;
  /** Name of the items, for the line that says how many are missing. */
  what: string;
  items: string[];
  /** Sections with a higher rank are cut first. */
  rank: number;
}

/** Returns the hidden marker that identifies a stack's comment. */
export function marker(stack: string): string {
  return `<!-- platform-preview:${stack} -->`;
}

/**
 * Returns the comment for a merge request: verdict, dangers, traffic, changes, and how to continue or to undo.
 */
export function commentOf(report: Report): string {
  const { stack, preview, checks, dangers, traffic, provenance } = report;
  const head = [verdict(report), countLine(report)].map(preview.redact);
  const tail = [approval(report), preview.redact(origin(provenance, traffic)), marker(stack)];
  const part = (rank: number, title: string, what: string, items: readonly string[]): Section => ({
    rank,
    title,
    what,
    // Removes secrets, whatever their source.
    items: items.map(preview.redact),
  });
  const listed = (texts: readonly string[]) => texts.map((text) => `- ${text}`);
  const sections = [
    part(0, "Why it stops", "errors", errorItems(preview.errors)),
    part(1, "Dangers", "dangers", listed(dangers.map(({ text }) => text))),
    part(1, "Repeated checks of canaries", "checks", listed(checkTexts(checks))),
    part(2, "Changed by hand since the last update", "objects", handItems(preview.byHand)),
    part(2, "Traffic", "apps", trafficItems(traffic)),
    part(
      4,
      "Changes",
      "changes",
      changeItems(
        preview.steps,
        traffic.flatMap((app) => app.steady),
      ),
    ),
    part(3, "How to undo it", "commands", undoItems(report)),
    part(5, "Warnings", "warnings", listed(preview.warnings.map(code))),
  ];
  const fixed = [...head, ...tail].join("\n\n").length + reserve;
  const body = fitSections(sections, lengthLimit - fixed).map(({ title, what, items, missing }) =>
    [`### ${title}`, ...together(items), ...leftOut(what, missing, stack)].join("\n\n"),
  );
  return `${[...head, ...body, ...tail].join("\n\n")}\n`;
}

/**
 * Returns the comment of a preview that could not run. It replaces the former comment, which is about another
 * commit. Details stay in the job's log, because secrets have not been removed from them.
 */
export function notRun(stack: string, reason: string): string {
  const [first = ""] = reason.split("\n");
  return `${[
    words`**Stopped:** the preview of stack ${stack} could not run: ${first}`,
    "There is no plan to approve. See the job's log for details.",
    marker(stack),
  ].join("\n\n")}\n`;
}

/** Returns the first line: whether a reviewer has to look closely. */
export function verdict({ stack, failed, dangers, preview }: Report): string {
  if (failed) return words`**Stopped:** this change of stack ${stack} cannot be applied.`;
  if (dangers.length > 0) {
    const many =
      dangers.length === 1
        ? "1 danger; review it"
        : `${dangers.length} dangers; review each of them`;
    return `**Caution:** this change of stack ${code(stack)} has ${many} before you approve the change.`;
  }
  return preview.steps.some(({ real }) => real)
    ? words`**Nothing dangerous** in this change of stack ${stack}.`
    : words`**No object changes** in stack ${stack}.`;
}

function countLine({ preview }: Report): string {
  const { create, update, delete: gone } = counts(preview.steps);
  return `${create} to create, ${update} to update, ${gone} to delete, ${preview.unchanged} unchanged.`;
}

/** Distributes the space among the items by the rank of their sections. Only the end of a section is cut. */
function fitSections(
  sections: readonly Section[],
  room: number,
): (Section & { missing: number })[] {
  let left = room;
  const kept = new Map<string, string[]>();
  for (const { title, items } of [...sections].sort((a, b) => a.rank - b.rank)) {
    const taken: string[] = [];
    for (const item of items) {
      if (item.length + 2 > left) break;
      left -= item.length + 2;
      taken.push(item);
    }
    kept.set(title, taken);
  }
  return sections
    .filter(({ items }) => items.length > 0)
    .map((section) => {
      const items = kept.get(section.title) ?? [];
      return { ...section, items, missing: section.items.length - items.length };
    });
}

/** Joins the items: lines of a list without empty lines, everything else with them. */
function together(items: readonly string[]): string[] {
  const isList = items.length > 0 && items.every((item) => item.startsWith("- "));
  return isList ? [items.join("\n")] : [...items];
}

function leftOut(what: string, missing: number, stack: string): string[] {
  if (missing === 0) return [];
  const all = code(`pulumi preview --stack ${stack} --diff`);
  return [`${missing} more ${what} left out, because a comment has a maximum length. All: ${all}`];
}
