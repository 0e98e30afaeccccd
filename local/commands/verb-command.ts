import { Command } from "commander";
import type { ExitCode } from "./exit-codes";

/** An example: what a shell runs, and what for, if the line does not say it. */
export type Example = string | readonly [line: string, purpose: string];

/** What a command's exit codes mean. */
export type ExitCodes = Readonly<Partial<Record<ExitCode, string>>>;

/** Exit codes of a command that names no others. */
const common: ExitCodes = { 0: "done", 1: "not done, or not completely; the output says why" };

/** A command of `npx platform`. Its help ends with examples and with its exit codes, which `runVerb` adds. */
export class VerbCommand extends Command {
  private lines: readonly Example[] = [];
  private codes: ExitCodes = common;

  constructor(name?: string) {
    super(name);
    this.showHelpAfterError();
  }

  override createCommand(name?: string): VerbCommand {
    return new VerbCommand(name);
  }

  /** Sets the examples of its help. The help of the command above shows the first one. */
  examples(...lines: readonly [Example, ...Example[]]): this {
    this.lines = lines;
    return this;
  }

  /** Sets what its exit codes mean. Default, also of each code: 0 done; 1 not done, or not completely. */
  exitCodes(codes: ExitCodes): this {
    this.codes = { ...common, ...codes };
    return this;
  }

  /** Returns its examples; those of a command with others below it are the first ones of these. */
  exampleLines(): readonly Example[] {
    if (this.commands.length === 0) return this.lines;
    return this.below().flatMap((each) => (each.commands.length > 0 ? [] : each.lines.slice(0, 1)));
  }

  /** Returns its exit codes with their meanings, in ascending order; none if there are commands below it. */
  exitCodeMeanings(): [code: number, meaning: string][] {
    if (this.commands.length > 0) return [];
    return Object.entries(this.codes).map(([code, meaning]) => [Number(code), meaning]);
  }

  /** Adds the examples and the exit codes to its help, and to that of each command below it. */
  addHelp(): void {
    for (const each of this.below()) each.addHelp();
    const examples = exampleText(this.exampleLines());
    if (examples !== "") this.addHelpText("after", `\nExamples:\n${examples}`);
    const codes = this.exitCodeMeanings().map(([code, meaning]) => `  ${code}  ${meaning}`);
    this.addHelpText(
      "after",
      codes.length > 0
        ? `\nExit codes:\n${codes.join("\n")}`
        : `\nExit codes: ${this.fullName()} <command> --help`,
    );
  }

  private below(): VerbCommand[] {
    return this.commands.filter((each) => each instanceof VerbCommand);
  }

  private fullName(): string {
    const names = [this.name()];
    for (let { parent } = this as Command; parent; { parent } = parent)
      names.unshift(parent.name());
    return names.join(" ");
  }
}

/** Returns lines of a help, with the purposes as comments below each other. */
function exampleText(lines: readonly Example[]): string {
  const pairs = lines.map((line) => (typeof line === "string" ? ([line, ""] as const) : line));
  const width = Math.max(0, ...pairs.map(([line, purpose]) => (purpose === "" ? 0 : line.length)));
  return pairs
    .map(([line, purpose]) =>
      purpose === "" ? `  ${line}` : `  ${line.padEnd(width)}  # ${purpose}`,
    )
    .join("\n");
}
