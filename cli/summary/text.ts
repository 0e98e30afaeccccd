import { code, shorten, oneLine } from "../preview/markdown";
import type { Summed } from "./reports";

/** Which of several comments: each sums up other stacks. */
export interface Part {
  /** From 1. */
  number: number;
  of: number;
}

/** The only comment. */
export const whole: Part = { number: 1, of: 1 };

/** Returns the hidden marker that distinguishes this comment from those of the stacks and of other parts. */
export function summaryMarker(part: number): string {
  return `<!-- platform-preview-of-all-stacks${part === 1 ? "" : `:${part}`} -->`;
}

/** Maximum length of a comment, characters. */
const lengthLimit = 60_000;
/** Maximum length of a reason in a row. */
const longestReason = 200;

const results = {
  missing: "no report",
  failed: "stopped",
  dangerous: "dangers",
  calm: "changes",
  unchanged: "no changes",
} as const;

/** Results of a stack's preview, the worst first. */
export const order = Object.keys(results) as Summed["result"][];

/**
 * Returns the comment that sums up every stack's preview, the worst first. Stacks without changes are only
 * counted.
 */
export function summaryText(all: readonly Summed[], { number, of }: Part = whole): string {
  const sorted = [...all].sort(
    (a, b) =>
      order.indexOf(a.result) - order.indexOf(b.result) ||
      b.dangers - a.dangers ||
      (a.stack < b.stack ? -1 : 1),
  );
  const shown = sorted.filter(({ result }) => result !== "unchanged");
  const calm = sorted.length - shown.length;
  const title =
    "| Stack | Result | Create | Update | Delete | Why |\n| --- | --- | --- | --- | --- | --- |";
  const rows: string[] = [];
  let room = lengthLimit - 2000;
  for (const each of shown) {
    const row = rowOf(each);
    room -= row.length + 1;
    if (room < 0) break;
    rows.push(row);
  }
  const left = shown.length - rows.length;
  return `${[
    of === 1 ? verdictOf(all) : `${verdictOf(all)} This is part ${number} of ${of}.`,
    ...(rows.length === 0 ? [] : [[title, ...rows].join("\n")]),
    ...(left === 0 ? [] : [`${left} more are left out, because a comment has a maximum length.`]),
    ...(calm === 0 ? [] : [`${count(calm, "stack has", "stacks have")} no object changes.`]),
    summaryMarker(number),
  ].join("\n\n")}\n`;
}

/** Returns the text that replaces the comment of a part that no longer exists. */
export function formerPart(part: number): string {
  return `The stacks of this comment are in another one now.\n\n${summaryMarker(part)}\n`;
}

function verdictOf(all: readonly Summed[]): string {
  const of = (...wanted: Summed["result"][]) =>
    all.filter(({ result }) => wanted.includes(result)).length;
  const [bad, missing, dangerous] = [of("failed"), of("missing"), of("dangerous")];
  const total = count(all.length, "stack", "stacks");
  const parts = [
    ...(bad > 0 ? [`${bad} cannot be applied`] : []),
    ...(missing > 0 ? [`${missing} without a report`] : []),
    ...(dangerous > 0 ? [`${dangerous} with dangers`] : []),
    ...(of("calm") > 0 ? [`${of("calm")} with changes but no dangers`] : []),
  ];
  if (bad + missing > 0) return `**Stopped:** ${total}: ${parts.join(", ")}.`;
  if (dangerous > 0) return `**Caution:** ${total}: ${parts.join(", ")}.`;
  return of("calm") > 0
    ? `**Nothing dangerous** in ${total}: ${parts.join(", ")}.`
    : `**No object changes** in ${total}.`;
}

function rowOf({ stack, result, counts, reason, comment, job }: Summed): string {
  const links = [
    ...(comment === undefined ? [] : [`[comment](${address(comment)})`]),
    ...(job === undefined ? [] : [`[job](${address(job)})`]),
  ];
  const name = [code(stack), ...links].join(" ");
  const numbers = counts ?? { create: "-", update: "-", delete: "-" };
  const why = reason === undefined ? "" : code(shorten(oneLine(reason), longestReason));
  const cells = [name, results[result], numbers.create, numbers.update, numbers.delete, why];
  return `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
}

/** Returns a URL that cannot end its own link. */
function address(url: string): string {
  return encodeURI(url).replaceAll("(", "%28").replaceAll(")", "%29");
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
