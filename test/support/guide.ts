import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout, typescriptLoader } from "../../local/toolchain/paths";
import type { LinkedProject } from "./linked-project";

/** A command in a console block of a page, and what it prints there. */
export interface Shown {
  command: string;
  output: string;
  /** Exit code; a page has another one than 0 as the last line, `(exit 1)`. */
  code: number;
}

/** Returns the commands of a page's console blocks, in the page's order. */
export function consoleOf(page: string): Shown[] {
  const blocks = [...page.matchAll(/^```console\n(.*?)^```$/gms)].map(([, text = ""]) => text);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const [, command = "", output = ""] = /^((?:[^\n]*\\\n)*[^\n]*)\n?(.*)$/s.exec(text) ?? [];
        const [ending, code = "0"] = /^\(exit (\d+)\)\n?$/m.exec(output) ?? [];
        return {
          command: command.replace(/\\\n\s*/g, ""),
          output: ending === undefined ? output : output.replace(ending, ""),
          code: Number(code),
        };
      }),
  );
}

/**
 * Returns a text without what differs from run to run: points and lengths of time, ids of commits, and the order in which
 * stacks that run beside each other are done. Lines of a page may be wrapped.
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
    .replace(/\s+/g, " ")
    .trim();
}

/** Runs the console blocks of a page in a project, in their order, and compares what they print. */
export class Guide {
  private readonly left: Shown[];

  /** @param page its path, for example `docs/guides/first-release.md`. */
  constructor(
    private readonly page: string,
    private readonly project: LinkedProject,
  ) {
    this.left = consoleOf(readFileSync(join(checkout, page), "utf8"));
  }

  /**
   * Runs the page's next command.
   * @param beginning of the command, so that the test says which one it is.
   */
  async next(beginning: string): Promise<void> {
    const shown = this.left.shift();
    assert.ok(shown !== undefined, `${this.page} has no further command; expected ${beginning}`);
    assert.ok(
      shown.command.startsWith(beginning),
      `${this.page}: expected ${beginning} as the next command, got ${shown.command}`,
    );
    const ended = await this.project.run("bash", "-c", `${shim}\n${shown.command}`);
    if (process.env.GUIDE_DRAFT !== undefined) {
      require("node:fs").appendFileSync(process.env.GUIDE_DRAFT, JSON.stringify({ page: this.page, command: shown.command, code: ended.code, output: ended.output }) + "\n");
      return;
    }
    assert.equal(ended.code, shown.code, `${shown.command} printed:\n${ended.output}`);
    assert.equal(
      comparable(ended.output),
      comparable(shown.output),
      `${this.page}: ${shown.command} printed:\n${ended.output}`,
    );
  }

  /** Fails if the page has a command that did not run. */
  finished(): void {
    assert.deepEqual(
      this.left.map(({ command }) => command),
      [],
    );
  }
}

/** Runs `npx platform` on the project's own files: npx itself would run the checkout's. */
const shim = `npx() { shift; "${process.execPath}" --require "${typescriptLoader}" cli/index.ts "$@"; }`;
