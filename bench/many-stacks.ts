import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../local/toolchain/paths";
import { run } from "../local/toolchain/run";
import { stackFile } from "../config/stack-file";
import { discover, platformStackOf } from "../cli/stacks/discover";
import { inputsHash, programHash } from "../cli/stacks/inputs";
import { Memory } from "../cli/stacks/memory";
import { appName, appOf } from "./config";
import { measure, type Command } from "./measure/command";
import { interleaved } from "./measure/rounds";
import type { Report } from "./measure/report";
import type { Say, World } from "./world";

/**
 * Measures `npx platform stacks preview` for the stacks of all apps, without changes and with some changed stacks, and
 * compares it with kubectl's diff of the same objects.
 * @param some number of changed stacks.
 */
export async function manyStacksBenchmark(
  world: World,
  some: number,
  rounds: number,
  say: Say,
): Promise<Report> {
  await remember(world);
  const folder = changedStacks(world, some);
  const apps = changedApps(some).map((index): [string, object] => [
    appName(index),
    appOf(index, 50),
  ]);
  const objects = await world.objects(Object.fromEntries(apps));
  const file = world.write("changed", objects);
  const [diff, all] = [`kubectl diff of the same ${some} apps`, `${world.apps} stacks`];
  // The engine owns the objects; kubectl only compares them.
  const flags = ["--concurrency=10", "--force-conflicts"];
  const results = await interleaved(
    rounds,
    [
      {
        name: `preview --changed, nothing changed in ${all}`,
        run: () => measureSkipped(world),
      },
      { name: diff, run: () => measure(world.kubectl("diff", file, ...flags)) },
      {
        name: `preview, all of ${some} stacks changed`,
        run: () => measure(stacks(world, "preview", "--config-dir", folder)),
        against: diff,
      },
    ],
    say,
  );
  const median = results.at(-1)?.seconds.median ?? NaN;
  const minutes = (((median / some) * world.apps) / 60).toFixed(0);
  return {
    name: "many-stacks",
    title: "Many stacks",
    results,
    notes: [
      `${(median / some).toFixed(2)} s for a changed stack: ${minutes} minutes where all of ${all} changed.`,
    ],
  };
}

/**
 * Measures a run without changes.
 * @throws Error if a stack was not skipped.
 */
async function measureSkipped(world: World) {
  const measured = await measure(
    stacks(world, "preview", "--changed", "--config-dir", world.folder),
  );
  const sums = measured.output.trim().split("\n").at(-1) ?? "";
  if (!sums.endsWith(": 0 succeeded, 0 failed, " + `${world.apps + 1} skipped`)) {
    throw new Error(`not every stack was left out: ${sums}`);
  }
  return measured;
}

function stacks(world: World, ...args: string[]): Command {
  return {
    line: ["npx", "platform", "stacks", ...args],
    environment: world.platform.environment,
  };
}

/** Notes that every stack matches its config, as a run for all of them would have done. */
async function remember(world: World): Promise<void> {
  const options = { cwd: checkout, env: world.platform.environment };
  const listed = JSON.parse(await run("pulumi", ["stack", "ls", "--json"], options)) as {
    name: string;
    lastUpdate: string;
  }[];
  const { platform } = await world.platform.outputs();
  const program = programHash(checkout);
  const entries = new Map(discover(world.folder).map((entry) => [entry.name, entry]));
  const memory = new Memory(join(checkout, ".local", "stacks"));
  for (const { name, lastUpdate } of listed) {
    const entry = entries.get(name);
    if (entry === undefined) continue;
    const read = platformStackOf(entry) === undefined ? undefined : platform;
    memory.write(name, { inputs: inputsHash(entry.config, program, read), lastUpdate });
  }
}

/** Returns numbers of apps whose stacks change, without the first, whose objects the engine owns. */
function changedApps(some: number): number[] {
  return Array.from({ length: some }, (_, index) => index + 1);
}

/**
 * Writes files of some stacks, each with another share for its canary.
 * @returns their folder.
 */
function changedStacks(world: World, some: number): string {
  const folder = join(world.folder, "changed");
  mkdirSync(folder, { recursive: true });
  for (const index of changedApps(some)) {
    const name = world.stackOf(appName(index));
    const text = readFileSync(stackFile(name, world.folder), "utf8");
    writeFileSync(stackFile(name, folder), text.replace("weight: 10", "weight: 50"));
  }
  return folder;
}
