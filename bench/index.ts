import { Argument } from "commander";
import { runVerb } from "../local/commands/main";
import { VerbCommand } from "../local/commands/verb-command";
import { setUp } from "../local/commands/prepare";
import { boardBenchmark } from "./board";
import { runComparison } from "./compare";
import { manyStacksBenchmark } from "./many-stacks";
import { table, writeReport, type Report } from "./measure/report";
import { oneStackBenchmark } from "./one-stack";
import { benchmarkDeclaring, programBenchmark } from "./program";
import { releaseBenchmark } from "./release";
import { World } from "./world";

const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);

/** Control planes, each created on first use. */
class Worlds {
  private readonly made = new Map<number, Promise<World>>();

  of(apps: number): Promise<World> {
    const world = this.made.get(apps) ?? World.create(`bench-${apps}`, apps, say);
    this.made.set(apps, world);
    return world;
  }

  async close(): Promise<void> {
    for (const made of this.made.values()) {
      // A failed creation has already cleaned up.
      const world = await made.catch(() => undefined);
      await world?.close();
    }
    this.made.clear();
  }
}

/** Largest number of apps in the file of one stack (docs/decisions/stacks.md). */
const maxInOneStack = 450;

type Benchmark = (worlds: Worlds, many: number, rounds?: number) => Promise<Report>;

/**
 * Benchmarks by name, in the order in which all of them run.
 * @param many number of apps of a large company.
 * @param rounds how often each is measured; each benchmark has its own default.
 */
const benchmarks: Record<string, Benchmark> = {
  program: (_, many, rounds = 3) => programBenchmark(sizes(many), rounds, say),
  declared: (_, many, rounds = 3) => benchmarkDeclaring(many, rounds, say),
  board: (_, many, rounds = 3) => boardBenchmark(many, rounds, say),
  "one-stack": async (worlds, many, rounds = 1) =>
    oneStackBenchmark(await worlds.of(1), sizes(Math.min(many, maxInOneStack)), many, rounds, say),
  release: async (worlds, many, rounds = 5) =>
    releaseBenchmark([await worlds.of(1), await worlds.of(many)], rounds, say),
  "many-stacks": async (worlds, many, rounds = 2) =>
    manyStacksBenchmark(await worlds.of(many), Math.min(40, many - 1), rounds, say),
};

/** Benchmark that runs only by its name, because it builds other systems first. */
const comparison = "compare";

function sizes(many: number): number[] {
  return [1, 100, 300, many].filter((apps) => apps <= many);
}

const command = new VerbCommand("npx platform bench")
  .description("Measures previews and updates on its own control planes.")
  .addArgument(
    new Argument("[names...]", `benchmarks to run; default: all but ${comparison}`).choices([
      ...Object.keys(benchmarks),
      comparison,
    ]),
  )
  .option("--apps <n>", "number of apps of the large company", "700")
  .option("--rounds <n>", "measurements of each value; default: 1 to 5, depending on the benchmark")
  .examples(
    ["npx platform bench", "all but compare: about half an hour"],
    "npx platform bench program --apps 100 --rounds 1",
  );

runVerb(command.action(run));

async function run(chosen: string[], options: { apps: string; rounds?: string }): Promise<void> {
  // Always in this order, because a release benchmark changes its world.
  const names = Object.keys(benchmarks).filter(
    (name) => chosen.length === 0 || chosen.includes(name),
  );
  const many = Number(options.apps);
  const rounds = options.rounds === undefined ? undefined : Number(options.rounds);
  await setUp("bench");
  const worlds = new Worlds();
  const stop = () => void worlds.close().finally(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
  try {
    for (const name of names) {
      say(name);
      const report = await benchmarks[name]?.(worlds, many, rounds);
      if (report === undefined) continue;
      console.log(`\n${table(report)}\n\nWrote ${writeReport(report)}.\n`);
    }
    if (chosen.includes(comparison)) await runComparison();
  } finally {
    await worlds.close();
  }
}
