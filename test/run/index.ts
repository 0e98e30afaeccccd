/**
 * Runs tests: `node --require ./bin/typescript.cjs test/run/index.ts unit integration e2e [--changed [<commit>]]`.
 * With `--changed`, it runs those that the changes since a commit concern (default: the commit at which the branch
 * left `main`). At the end it prints a table of the slowest files.
 */
import { execFileSync, spawnSync, type SpawnOptions } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, posix } from "node:path";
import { whyNoMachines } from "../../local/machines";
import { checkout } from "../../local/toolchain/paths";
import { concernedBy } from "./changed";
import { runApart } from "./apart";
import { longestFirst, readDurations, sizeWithCases, slowest, type Durations } from "./durations";

/** How the tests of a folder run. */
interface Kind {
  /** Script that fetches what the tests need, and its arguments. */
  setup: string[];
  /** Command and arguments before the files. */
  command: string[];
  /** Number of files that run at the same time, each by a command of its own. Default: one command for all files. */
  apart?: number;
  /** Returns why the tests cannot run on this machine. Default: they can run on every machine. */
  whyNot?: () => string | undefined;
}

const parallel = (jobs: number) => ["--parallel", "--jobs", String(jobs)];
const kinds: Record<string, Kind> = {
  unit: { setup: ["local/commands/crds.ts"], command: ["mocha", ...parallel(2)] },
  integration: {
    setup: ["local/commands/setup.ts", "--for", "test"],
    // One more than the cores, because these tests wait for pods and processes a part of their time.
    command: ["mocha", "--timeout", "600000", ...parallel(3)],
  },
  e2e: {
    setup: ["local/commands/setup.ts", "--for", "test"],
    command: ["test/e2e/support/namespace.sh", "mocha", "--timeout", "300000", "--bail"],
    // They wait for three quarters of their time. Each needs its own network, because pods have fixed addresses.
    apart: 3,
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
  for (const name of names) {
    const files = chosen.filter((file) => file.startsWith(`test/${name}/`));
    const code = files.length === 0 ? 0 : await run(kinds[name] as Kind, files);
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

/** Returns the tests that the changes since a commit concern, and says what it left out. */
function changedTests(tests: string[], since?: string): string[] {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: checkout, encoding: "utf8" }).split("\n").filter(Boolean);
  const [base = "HEAD"] = since === undefined ? git("merge-base", "HEAD", "main") : [since];
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

async function run({ setup, command, apart, whyNot }: Kind, files: string[]): Promise<number> {
  const reason = whyNot?.();
  if (reason !== undefined) {
    console.error(
      `These tests cannot run here: ${reason}. Run them as root on Linux with apt-get.`,
    );
    return 1;
  }
  const size = (file: string) => sizeWithCases(join(checkout, file));
  const sorted = longestFirst(files, readDurations(), size);
  const path = `${join(checkout, "node_modules", ".bin")}:${process.env.PATH ?? ""}`;
  const options = { cwd: checkout, env: { ...process.env, PATH: path } };
  const ready = runInherited(["node", "--require", "./bin/typescript.cjs", ...setup], options);
  if (ready !== 0) return ready;
  const reported = [...command, "--reporter", "./test/run/reporter.ts"];
  return apart === undefined
    ? runInherited([...reported, ...sorted], options)
    : runApart(reported, sorted, apart, options);
}

/** Runs a command whose output is shown at once, and returns its exit code. */
function runInherited([program = "", ...args]: string[], options: SpawnOptions): number {
  const { status, error } = spawnSync(program, args, { ...options, stdio: "inherit" });
  if (error !== undefined) throw error;
  return status ?? 1;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
