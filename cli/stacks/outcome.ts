import { adviceOn } from "../../engine/advice";
import type { Ended } from "../../engine/runs";
import { recoverText } from "../recover/judge";
import { lockText } from "../../engine/lock";

/** The result of one stack. */
export interface Outcome {
  stack: string;
  status: "succeeded" | "failed" | "skipped";
  /** The changes, or why it failed or was skipped. */
  text: string;
  seconds: number;
  /** What it declares differently from its last successful run; undefined without an earlier one. */
  declared?: string[];
  /** Results of the repeated checks of canaries that it relied on, a sentence each. */
  checks?: string[];
}

/** Text for a run without changes. */
export const noChanges = "no changes";

/** The engine's warning that it updated on top of an interrupted update. */
const interrupted = /with \d+ pending operations from previous deployment/;

/** Maximum number of lines of an error that are shown; the log has all. */
const maxLines = 4;

/** Returns what a run of the engine did, or why it failed. */
export function read(stack: string, { code, output }: Ended): Pick<Outcome, "status" | "text"> {
  if (code === 0 && interrupted.test(output)) {
    const text = `updated, but an earlier update was interrupted, and objects that it created may be left over. ${recoverText(stack)}`;
    return { status: "failed", text };
  }
  if (code === 0) return { status: "succeeded", text: changes(output) };
  const text = lockText(stack, output);
  if (text !== undefined) return { status: "failed", text };
  const lines = [reason(output, code), adviceOn(stack, output) ?? []].flat();
  return { status: "failed", text: lines.join("\n") };
}

/** Returns `3 created, 1 updated`, from the engine's own summary. */
function changes(output: string): string {
  const [, summary = ""] = output.split(/^Resources:\s*$/m);
  const [block = ""] = summary.split(/\n\s*\n/);
  const counts = [...block.matchAll(/\d+ [a-z][a-z -]*/g)].map(([count]) => count.trim());
  // "16 unchanged" counts unchanged objects, and "1 change" is the sum.
  const texts = counts.filter((count) => !/^\d+ (unchanged|changes?)$/.test(count));
  return texts.length === 0 ? noChanges : texts.join(", ");
}

function reason(output: string, code: number | null): string {
  const lines = output.split("\n").map((line) => line.trim());
  const errors = [...new Set(lines.filter((line) => /^error: /.test(line)))].filter(
    // This line only says that there are other errors.
    (line) => !/^error: (update|preview) failed$/.test(line),
  );
  const start = errors[0] === undefined ? -1 : lines.indexOf(errors[0]);
  const texts =
    start === -1 ? lines.filter((line) => line !== "").slice(-maxLines) : block(lines, start);
  if (texts.length > 0) return texts.join("\n");
  return code === null ? "the engine was ended by a signal" : `the engine ended with ${code}`;
}

/** Returns an error and the lines that belong to it: up to the next empty one. */
function block(lines: string[], start: number): string[] {
  const rest = lines.slice(start);
  const end = rest.indexOf("");
  return rest.slice(0, end === -1 ? rest.length : end).slice(0, maxLines);
}
