import { spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";

/**
 * Runs a command for each of some files, some of them at the same time, and shows the output of each when it ends.
 * @returns the exit code of the first one that failed, 0 if none did.
 */
export async function runApart(
  command: readonly string[],
  files: readonly string[],
  most: number,
  options: SpawnOptions,
  show: (text: string) => void = (text) => process.stdout.write(text),
): Promise<number> {
  const waiting = [...files];
  let failed = 0;
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      show(`${file} starts.\n`);
      const { code, output } = await runFile([...command, file], options);
      show(`\n${file}${code === 0 ? "" : ` ended with ${code}`}:\n${output}`);
      failed ||= code;
    }
  };
  await Promise.all(Array.from({ length: most }, work));
  return failed;
}

async function runFile([program = "", ...args]: string[], options: SpawnOptions) {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  // A command that a signal ended has no code.
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? 1, output };
}
