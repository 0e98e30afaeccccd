import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleLoader, checkout } from "../../local/toolchain/paths";
import type { LinkedProject } from "./linked-project";

/** A command in a console block of a page, with the output that the page shows. */
export interface Shown {
  command: string;
  output: string;
  /** Exit code; a page has another one than 0 as the last line, `(exit 1)`. */
  code: number;
}

/** Console blocks, also those in a list, which are indented. */
const block = /^( *)```console\n(.*?)^\1```$/gms;

/** Returns the commands of a page's console blocks, in the page's order. */
export function consoleOf(page: string): Shown[] {
  return [...page.matchAll(block)].flatMap(([, indent = "", text = ""]) =>
    shownIn(text.replaceAll(new RegExp(`^${indent}`, "gm"), "")),
  );
}

/** Returns a page whose console blocks have the outputs and exit codes of other runs of the same commands. */
export function withOutputs(page: string, runs: readonly Omit<Shown, "command">[]): string {
  const left = [...runs];
  return page.replace(block, (whole: string, indent: string, text: string) => {
    // The guides that are run have no blocks in lists.
    if (indent !== "") return whole;
    const parts = shownIn(text).map(({ source, ...shown }) => {
      const { output, code } = left.shift() ?? shown;
      const ending = code === 0 ? "" : `(exit ${code})\n`;
      return `$ ${source}\n${output.replace(/\n*$/, output === "" ? "" : "\n")}${ending}`;
    });
    return `\`\`\`console\n${parts.join("")}\`\`\``;
  });
}

/** Returns the commands of a block, with their text as in the page. */
function shownIn(text: string): (Shown & { source: string })[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [, source = "", output = ""] = /^((?:[^\n]*\\\n)*[^\n]*)\n?(.*)$/s.exec(part) ?? [];
      const [ending, code = "0"] = /^\(exit (\d+)\)\n?$/m.exec(output) ?? [];
      return {
        source,
        command: source.replace(/\\\n\s*/g, ""),
        output: ending === undefined ? output : output.replace(ending, ""),
        code: Number(code),
      };
    });
}

/**
 * Returns a text without what differs from run to run: times, durations, commit ids, how many rules the policy has, and
 * the order in which stacks that run in parallel finish. Lines of a page may be wrapped.
 */
export function comparable(text: string): string {
  const done = /^\[ *\d+(\/\d+\] .*)$/;
  const lines = text.split("\n").map((line) => line.replace(done, "[n$1"));
  const sorted = [
    ...lines.filter((line) => line.startsWith("[n/")).sort(),
    ...lines.filter((line) => !line.startsWith("[n/")),
  ];
  return sorted
    .join("\n")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>")
    .replace(/(?<![\d.])\d+(\.\d+)? (d|h|min|s)\b( \d+ (h|min|s)\b)?/g, "<duration>")
    .replace(/\b[0-9a-f]{7,64}\b/g, "<id>")
    .replace(/\b\d+ rules over \d+ objects\b/g, "<number> rules over <number> objects")
    .replace(/\s+/g, " ")
    .trim();
}

/**
 * Runs the console blocks of a page in a project, in their order, and compares what they print. With WRITE_GUIDES=true
 * in the environment it compares nothing, and writes their output into the page.
 */
export class Guide {
  private readonly left: Shown[];
  private readonly runs: Omit<Shown, "command">[] = [];
  private readonly writes = process.env.WRITE_GUIDES === "true";
  private readonly path: string;

  /** @param page its path, for example `docs/guides/first-release.md`. */
  constructor(
    private readonly page: string,
    private readonly project: LinkedProject,
  ) {
    this.path = join(checkout, page);
    this.left = consoleOf(readFileSync(this.path, "utf8"));
  }

  /**
   * Runs the page's next command.
   * @param beginning beginning of the command, so that the test shows which command it runs.
   */
  async next(beginning: string): Promise<void> {
    const shown = this.left.shift();
    assert.ok(shown !== undefined, `${this.page} has no further command; expected ${beginning}`);
    assert.ok(
      shown.command.startsWith(beginning),
      `${this.page}: expected ${beginning} as the next command, got ${shown.command}`,
    );
    const { code, output } = await this.project.run("bash", "-c", `${shim}\n${shown.command}`);
    this.runs.push({ output, code: code ?? NaN });
    if (this.writes) return;
    assert.equal(code, shown.code, `${shown.command} printed:\n${output}`);
    assert.equal(
      comparable(output),
      comparable(shown.output),
      `${this.page}: ${shown.command} printed:\n${output}`,
    );
  }

  /** Fails if the page has a command that did not run. */
  assertFinished(): void {
    assert.deepEqual(
      this.left.map(({ command }) => command),
      [],
    );
    if (!this.writes) return;
    writeFileSync(this.path, withOutputs(readFileSync(this.path, "utf8"), this.runs));
  }
}

/** Runs `npx platform` on the project's own files: npx itself would run the checkout's. */
const shim = `npx() { shift; "${process.execPath}" "${bundleLoader}" cli/index.ts "$@"; }`;
