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
 * `npm run stacks -- preview` over the stacks of all apps when none changed, and over some of which
 * all changed, beside kubectl's diff of the same objects.
 * @param some how many changed.
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
  // The objects are an engine's; kubectl only looks.
  const flags = ["--concurrency=10", "--force-conflicts"];
  const results = await interleaved(
    rounds,
    [
      {
        name: `preview --changed, nothing changed in ${all}`,
        run: () => skipped(world),
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

/** A run in which nothing changed. @throws Error when a stack was not left out all the same. */
async function skipped(world: World) {
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
    line: ["npm", "run", "-s", "stacks", "--", ...args],
    environment: world.platform.environment,
  };
}

/** Notes of every stack that it is as its config asks, as a run over all of them would have done. */
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

/** Numbers of apps whose stacks change: not of the first, whose objects belong to an engine. */
function changedApps(some: number): number[] {
  return Array.from({ length: some }, (_, index) => index + 1);
}

/** Files of some stacks, each with another share for its canary. @returns their folder. */
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
