/**
 * Runs tests: `node --require ./bin/typescript.cjs test/run/index.ts unit integration e2e [--changed [<commit>]]`.
 * With `--changed`, it runs those that the changes since a commit concern (default: the commit at which the branch
 * left `main`). At the end it prints a table of the slowest files.
 */
import { execFileSync, spawn, spawnSync, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join, posix } from "node:path";
import { whyNoMachines } from "../../local/machines/available";
import { checkout } from "../../local/toolchain/paths";
import { concernedBy } from "./changed";
import { runApart } from "./apart";
import { withPackages } from "./environment";
import { longestFirst, readDurations, sizeWithCases, slowest, type Durations } from "./durations";

/** How the tests of a folder run. */
interface Kind {
  /** Script that fetches what the tests need, and its arguments. */
  setup: string[];
  /** Command and arguments before the files. */
  command: string[];
  /** Environment variables of the command. Default: none. */
  env?: Record<string, string>;
  /** Number of files that run at the same time, each by a command of its own. Default: one command for all files. */
  apart?: number;
  /** Kind that these tests run in parallel with, if both are chosen. Default: none. */
  beside?: string;
  /** Returns why the tests cannot run on this machine. Default: they can run on every machine. */
  whyNot?: () => Promise<string | undefined>;
}

const parallel = (jobs: number) => ["--parallel", "--jobs", String(jobs)];

/** Lets end-to-end tests go first: a pod there has a second to answer a probe. */
const yielding = ["nice", "-n", "10"];

const kinds: Record<string, Kind> = {
  unit: {
    setup: ["local/commands/crds.ts"],
    // One more than the cores, because some files wait for most of their time. Most objects of a recording live for a
    // moment: with a larger space for new ones, fewer of them are copied.
    command: ["mocha", "--max-semi-space-size=64", ...parallel(3)],
    // Without a maintenance process after each commit of the tests.
    env: {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "maintenance.auto",
      GIT_CONFIG_VALUE_0: "false",
    },
  },
  integration: {
    setup: ["local/commands/setup.ts", "--for", "test"],
    // As many as the cores: more would wait for each other, also where a release has a deadline.
    command: [...yielding, "mocha", "--timeout", "600000", ...parallel(2)],
    // Control planes and tools collect garbage less often, which saves a quarter of the CPU time of an idle cluster.
    env: { GOGC: "400" },
  },
  e2e: {
    setup: ["local/commands/setup.ts", "--for", "test"],
    command: ["test/e2e/support/namespace.sh", "mocha", "--timeout", "300000", "--bail"],
    // Each needs its own network, because pods have fixed addresses.
    apart: 2,
    // They wait for more than half of their time.
    beside: "integration",
  },
  machines: {
    setup: ["local/commands/setup.ts", "--for", "machines"],
    // One file after the other, as each has a cluster with real nodes. Nothing here may be skipped.
    command: ["mocha", "--timeout", "900000", "--forbid-pending"],
    whyNot: whyNoMachines,
  },
};

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

/** Returns the kinds in groups: those of a group run at the same time, the groups one after the other. */
function together(names: readonly string[]): string[][] {
  const others = (name: string) => names.filter((other) => kinds[other]?.beside === name);
  const isBeside = (name: string) => names.includes(kinds[name]?.beside ?? "");
  return names.filter((name) => !isBeside(name)).map((name) => [name, ...others(name)]);
}

/** Prepares and runs the chosen tests of some kinds. Returns the exit code of the first kind that failed, or else 0. */
async function runTogether(names: readonly string[], chosen: readonly string[]): Promise<number> {
  const runs: (() => Promise<number>)[] = [];
  const prepared = new Set<string>();
  for (const name of names) {
    const files = chosen.filter((file) => file.startsWith(`test/${name}/`));
    if (files.length === 0) continue;
    const kind = kinds[name] as Kind;
    // Kinds that run at the same time often need the same.
    const setup = kind.setup.join(" ");
    const code = prepared.has(setup) ? 0 : await prepare(kind);
    if (code !== 0) return code;
    prepared.add(setup);
    runs.push(() => run(kind, files));
  }
  const codes = await Promise.all(runs.map((start) => start()));
  return codes.find((code) => code !== 0) ?? 0;
}

async function prepare({ setup, whyNot }: Kind): Promise<number> {
  const reason = await whyNot?.();
  if (reason !== undefined) {
    console.error(`These tests cannot run here: ${reason}.`);
    return 1;
  }
  return runInherited(["node", "--require", "./bin/typescript.cjs", ...setup], { cwd: checkout });
}

function run({ command, env, apart }: Kind, files: readonly string[]): Promise<number> {
  const size = (file: string) => sizeWithCases(join(checkout, file));
  const sorted = longestFirst(files, readDurations(), size);
  const options = { cwd: checkout, env: { ...withPackages(), ...env } };
  const reported = [...command, "--reporter", "./test/run/reporter.ts"];
  if (apart === undefined) return runInherited([...reported, ...sorted], options);
  const commands = sorted.map((file) => ({ name: file, command: [...reported, file] }));
  return runApart(commands, apart, options);
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
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
