import { runCommand, type Ended, type Surroundings } from "../support/results";

/** A command, and the name under which its output is shown. */
export interface NamedCommand {
  name: string;
  command: readonly string[];
  /** Environment variables besides those of all commands. Default: none. */
  env?: NodeJS.ProcessEnv;
}

/** Commands that start in their order. */
export interface Queue {
  commands: readonly NamedCommand[];
  /** Number of these commands that run at the same time. */
  max: number;
}

/** Result of a command. */
export interface NamedResult extends Ended {
  name: string;
}

/**
 * Runs commands, some of them at the same time, and shows the output of each when it ends.
 * @param queues those that come first start first.
 * @param max number of commands of all queues that run at the same time.
 * @returns the results in the order in which the commands ended.
 * @throws Error if a command cannot be started.
 */
export async function runApart(
  queues: readonly Queue[],
  max: number,
  options: Surroundings,
  show: (text: string) => void = (text) => process.stdout.write(text),
): Promise<NamedResult[]> {
  const results: NamedResult[] = [];
  const active = new Set<Promise<void>>();
  const states = queues.map((queue) => ({
    waiting: [...queue.commands],
    max: queue.max,
    running: 0,
  }));
  type State = (typeof states)[number];

  async function run(state: State, { name, command, env }: NamedCommand): Promise<void> {
    const [program = "", ...args] = command;
    state.running += 1;
    show(`${name} starts.\n`);
    const surroundings = { ...options, env: { ...options.env, ...env } };
    const { code, output } = await runCommand(program, args, surroundings);
    state.running -= 1;
    show(`\n${name}${code === 0 ? "" : ` ended with ${code ?? "a signal"}`}:\n${output}`);
    results.push({ name, code, output });
  }

  for (;;) {
    const ready = states.find(({ waiting, running, max }) => waiting.length > 0 && running < max);
    const command = active.size < max ? ready?.waiting.shift() : undefined;
    if (ready !== undefined && command !== undefined) {
      const running = run(ready, command).finally(() => active.delete(running));
      active.add(running);
    } else if (active.size > 0) await Promise.race(active);
    else return results;
  }
}

/** Returns the exit code for some commands: 0 if all succeeded, or else that of the first one that failed. */
export function exitCode(results: readonly NamedResult[]): number {
  const failed = results.find(({ code }) => code !== 0);
  // A command that a signal ended has no code.
  return failed === undefined ? 0 : (failed.code ?? 1);
}
