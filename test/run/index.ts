/**
 * Runs tests: `node --require ./bin/typescript.cjs test/run/index.ts unit integration e2e [--changed [<commit>]]`.
 * With `--changed`, it runs those that the changes since a commit concern (default: the commit at which the branch
 * left `main`). At the end it prints a table of the slowest files.
 */
import { execFileSync, spawn, spawnSync, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join, posix } from "node:path";
import { reasonOf } from "../../config/reason";
import { checkout } from "../../local/toolchain/paths";
import { concernedBy } from "./changed";
import { exitCode, runApart, type Queue } from "./apart";
import { bundlesOf } from "./bundles";
import { withPackages } from "./environment";
import { longestFirst, readDurations, sizeWithCases, slowest, type Durations } from "./durations";
import { kinds, maxApart, type Kind } from "./kinds";
import { summaryOf } from "./summary";

const rows = 15;

async function main(args: string[]): Promise<number> {
  const at = args.indexOf("--changed");
  const names = at < 0 ? args : args.slice(0, at);
  const unknown = names.find((name) => kinds[name] === undefined);
  if (unknown !== undefined) {
    console.error(`expected ${Object.keys(kinds).join(", ")} or --changed, got "${unknown}"`);
    return 1;
  }
  const all = names.flatMap((name) => filesOf(name));
  const chosen = at < 0 ? all : changedTests(all, args[at + 1]);
  const began = Date.now();
  for (const group of together(names)) {
    const code = await runTogether(group, chosen);
    if (code !== 0) return code;
  }
  const durations = readDurations();
  const ran = chosen.map((file) => [file, durations[file] ?? 0] as const);
  console.log(["", ...slowest(Object.fromEntries(ran) as Durations, rows)].join("\n"));
  console.log(`The tests took ${Math.round((Date.now() - began) / 1000)} s.`);
  return 0;
}

/** Returns the test files of a kind. */
function filesOf(kind: string): string[] {
  return readdirSync(join(checkout, "test", kind), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => posix.join("test", kind, file))
    .sort();
}

/**
 * Returns the commit at which the branch left `main`, or else `origin/main`, as a list of one.
 * @throws Error if the clone has neither.
 */
function forkPoint(): string[] {
  for (const main of ["main", "origin/main"]) {
    const { status, stdout } = spawnSync("git", ["merge-base", "HEAD", main], {
      cwd: checkout,
      encoding: "utf8",
    });
    if (status === 0) return [stdout.trim()];
  }
  throw new Error(
    "--changed: expected a branch main or origin/main that has a commit in common with HEAD, got neither; name the commit to compare with: --changed <commit>",
  );
}

/** Returns the tests that the changes since a commit concern, and says what it left out. */
function changedTests(tests: string[], since?: string): string[] {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: checkout, encoding: "utf8" }).split("\n").filter(Boolean);
  const [base = "HEAD"] = since === undefined ? forkPoint() : [since];
  const changed = [
    ...git("diff", "--name-only", base),
    ...git("ls-files", "--others", "--exclude-standard"),
  ];
  const { tests: concerned, unreached } = concernedBy(changed, tests);
  console.log(
    `${changed.length} files changed since ${base.slice(0, 12)}: ${concerned.length} of ${tests.length} test files run.`,
  );
  for (const file of unreached) console.log(`No test reaches ${file}.`);
  return concerned;
}

/**
 * Returns the kinds in groups: those of a group run at the same time, the groups one after the other. In a group, those
 * that run next to another come first.
 */
function together(names: readonly string[]): string[][] {
  const others = (name: string) => names.filter((other) => kinds[other]?.beside === name);
  const isBeside = (name: string) => names.includes(kinds[name]?.beside ?? "");
  return names.filter((name) => !isBeside(name)).map((name) => [...others(name), name]);
}

/** Prepares and runs the chosen tests of some kinds. Returns the exit code of the first command that failed, or else 0. */
async function runTogether(names: readonly string[], chosen: readonly string[]): Promise<number> {
  const queues: Queue[] = [];
  const prepared = new Set<string>();
  const durations = readDurations();
  for (const name of names) {
    const files = chosen.filter((file) => file.startsWith(`test/${name}/`));
    if (files.length === 0) continue;
    const kind = kinds[name] as Kind;
    // Kinds that run at the same time often need the same.
    const setup = kind.setup.join(" ");
    const code = prepared.has(setup) ? 0 : await prepare(kind);
    if (code !== 0) return code;
    prepared.add(setup);
    const sorted = longestFirst(files, durations, (file) => sizeWithCases(join(checkout, file)));
    if (kind.apart === undefined) {
      const env = { ...withPackages(), ...kind.env };
      return runInherited(commandOf(kind, sorted), { cwd: checkout, env });
    }
    const { max, enough } = kind.apart;
    const commands = bundlesOf(sorted, durations, enough).map((bundle) => ({
      name: bundle.join(", "),
      command: commandOf(kind, bundle),
      env: kind.env,
    }));
    queues.push({ commands, max });
  }
  const results = await runApart(queues, maxApart, { cwd: checkout, env: withPackages() });
  if (results.length > 0) console.log(["", ...summaryOf(results)].join("\n"));
  return exitCode(results);
}

/** Returns the command that runs test files of a kind, and records how long they take. */
function commandOf({ command }: Kind, files: readonly string[]): string[] {
  return [...command, "--reporter", "./test/run/reporter.ts", ...files];
}

async function prepare({ setup, whyNot }: Kind): Promise<number> {
  const reason = await whyNot?.();
  if (reason !== undefined) {
    console.error(`These tests cannot run here: ${reason}.`);
    return 1;
  }
  return runInherited(["node", "--require", "./bin/typescript.cjs", ...setup], { cwd: checkout });
}

/** Runs a command whose output is shown at once, and returns its exit code. */
async function runInherited(
  [program = "", ...args]: readonly string[],
  options: SpawnOptions,
): Promise<number> {
  const [code] = (await once(spawn(program, args, { ...options, stdio: "inherit" }), "exit")) as [
    number | null,
  ];
  // A command that a signal ended has no code.
  return code ?? 1;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(reasonOf(error));
    process.exitCode = 1;
  },
);
