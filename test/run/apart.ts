import { runCommand, type Surroundings } from "../support/results";

/**
 * Runs a command for each of some files, some of them at the same time, and shows the output of each when it ends.
 * @returns the exit code of the first one that failed, 0 if none did.
 */
export async function runApart(
  [program = "", ...args]: readonly string[],
  files: readonly string[],
  most: number,
  options: Surroundings,
  show: (text: string) => void = (text) => process.stdout.write(text),
): Promise<number> {
  const waiting = [...files];
  let failed = 0;
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      show(`${file} starts.\n`);
      const ended = await runCommand(program, [...args, file], options);
      // A command that a signal ended has no code.
      const code = ended.code ?? 1;
      show(`\n${file}${code === 0 ? "" : ` ended with ${code}`}:\n${ended.output}`);
      failed ||= code;
    }
  };
  await Promise.all(Array.from({ length: most }, work));
  return failed;
}
