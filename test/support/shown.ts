import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../local/toolchain/paths";
import { comparable, consoleOf } from "./guide";

/** What a page shows of a command, and what really happened. */
export interface Occurrence {
  /** Path of the page, for example `docs/state.md`. */
  page: string;
  /** Beginning of the command in one of the page's console blocks. */
  command: string;
  /** What the same command printed in the test. */
  output: string;
  /** Texts of the test, each with the one that the page has in its place. Default: none. */
  names?: Readonly<Record<string, string>>;
}

/**
 * Checks that a page shows the truth: what it has for a command is what the command prints. An ellipsis of the page
 * stands for any text. Times, durations, ids, sizes and other numbers may differ, and who holds a lock.
 */
export function assertShown({ page, command, output, names = {} }: Occurrence): void {
  const shown = consoleOf(readFileSync(join(checkout, page), "utf8")).filter((each) =>
    each.command.startsWith(command),
  );
  assert.ok(shown.length > 0, `${page}: expected a console block with ${command}`);
  const printed = withoutNumbers(
    Object.entries(names).reduce((text, [from, to]) => text.replaceAll(from, to), output),
  );
  const isPrinted = shown.some((each) => contains(printed, each.output));
  const texts = shown.map((each) => each.output).join("\n");
  assert.ok(isPrinted, `${page} shows of ${command}:\n${texts}\nIt printed:\n${output}`);
}

/** Whether a text has all parts of the page's output, in their order. */
function contains(printed: string, output: string): boolean {
  let from = 0;
  for (const part of output.split("…").map(withoutNumbers)) {
    const at = printed.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

function withoutNumbers(text: string): string {
  return comparable(text)
    .replace(/locked by \S+ \(/g, "locked by <holder> (")
    .replace(/\d[\d.,:]*( [KMG]iB| [kMG]B)?/g, "<number>")
    .replace(/[─-]{3,}/g, "<line>");
}
