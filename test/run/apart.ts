import { runCommand, type Surroundings } from "../support/results";

/** A command, and the name under which its output is shown. */
export interface NamedCommand {
  name: string;
  command: readonly string[];
}

/**
 * Runs commands, some of them at the same time, and shows the output of each when it ends.
 * @param max number of commands that run at the same time.
 * @returns the exit code of the first one that failed, 0 if none did.
 */
export async function runApart(
  commands: readonly NamedCommand[],
  max: number,
  options: Surroundings,
  show: (text: string) => void = (text) => process.stdout.write(text),
): Promise<number> {
  const waiting = [...commands];
  let failed = 0;
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [program = "", ...args] = next.command;
      show(`${next.name} starts.\n`);
      const ended = await runCommand(program, args, options);
      // A command that a signal ended has no code.
      const code = ended.code ?? 1;
      show(`\n${next.name}${code === 0 ? "" : ` ended with ${code}`}:\n${ended.output}`);
      failed ||= code;
    }
  };
  await Promise.all(Array.from({ length: max }, work));
  return failed;
}
