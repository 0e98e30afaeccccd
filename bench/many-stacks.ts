import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../local/toolchain/paths";
import { run } from "../local/toolchain/run";
import { stackFile } from "../config/stack-file";
import { Outputs } from "../cli/fleet/records";
import { packagesChecksum } from "../cli/stacks/package-files";
import { declare, type Declared } from "../cli/stacks/declared";
import { discover, platformStackOf } from "../cli/stacks/discover";
import { hashedConfig, inputsHash, programHash } from "../cli/stacks/inputs";
import { Memory } from "../cli/stacks/memory";
import { appName, appOf, appsOf } from "./config";
import { measure, type Command } from "./measure/command";
import { measureInterleaved } from "./measure/rounds";
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
  const known = await declareAll(world);
  const folder = changedStacks(world, some);
  const apps = changedApps(some).map((index): [string, object] => [
    appName(index),
    appOf(index, 50),
  ]);
  const file = world.write("changed", await world.objects(Object.fromEntries(apps)));
  const whole = world.write("whole", await world.objects(appsOf(world.apps)));
  const [diff, all] = [`kubectl diff of the same ${some} apps`, `${world.apps} stacks`];
  const diffOfAll = `kubectl diff of all ${world.apps} apps`;
  // The engine owns the objects; kubectl only compares them.
  const flags = ["--concurrency=10", "--force-conflicts"];
  const results = await measureInterleaved(
    rounds,
    [
      { name: diffOfAll, run: () => measure(world.kubectl("diff", whole, ...flags)) },
      {
        name: `preview --changed, nothing changed in ${all}`,
        run: async () => {
          await remember(world, programHash(checkout), known);
          return measureSkipped(world, "unchanged");
        },
        against: diffOfAll,
      },
      {
        name: `preview --changed, after a change of the program that alters none of ${all}`,
        run: async () => {
          await remember(world, "another program", known);
          return measureSkipped(world, "declares the same as before");
        },
        against: diffOfAll,
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
 * @param why each stack is skipped.
 * @throws Error if one was not.
 */
async function measureSkipped(world: World, why: string) {
  const measured = await measure(
    stacks(world, "preview", "--changed", "--config-dir", world.folder),
  );
  const sums = measured.output.trim().split("\n").at(-1) ?? "";
  if (!sums.endsWith(": 0 succeeded, 0 failed, " + `${world.apps + 1} skipped`)) {
    throw new Error(`not every stack was left out: ${sums}`);
  }
  const skipped = measured.output.match(new RegExp(`skipped: ${why}$`, "gm"))?.length;
  if (skipped !== world.apps + 1) throw new Error(`${skipped} stacks were skipped as ${why}`);
  return measured;
}

function stacks(world: World, ...args: string[]): Command {
  return {
    line: ["npx", "platform", "stacks", ...args],
    environment: world.platform.environment,
  };
}

/** What the last update of a stack recorded, and what the stack declares. */
interface Known {
  outputs: Record<string, unknown>;
  declared: Declared;
}

/** Declares every stack, as a run for all of them does at its end. */
async function declareAll(world: World): Promise<Map<string, Known>> {
  const { platform } = await world.platform.outputs();
  const known = new Map<string, Known>();
  for (const entry of discover(world.folder)) {
    const outputs = world.copies().outputsOf(entry.name);
    const read = platformStackOf(entry) === undefined ? undefined : platform;
    const declared = await declare(entry, { outputs, platform: read });
    if (declared === undefined) throw new Error(`${entry.name} cannot be declared`);
    known.set(entry.name, { outputs, declared });
  }
  return known;
}

/** Notes that every stack was last run by a program and declared what it declares now. */
async function remember(
  world: World,
  program: string,
  known: ReadonlyMap<string, Known>,
): Promise<void> {
  const options = { cwd: checkout, env: world.platform.environment };
  const listed = JSON.parse(await run("pulumi", ["stack", "ls", "--json"], options)) as {
    name: string;
    lastUpdate: string;
  }[];
  const { platform } = await world.platform.outputs();
  const entries = new Map(discover(world.folder).map((entry) => [entry.name, entry]));
  const folder = join(checkout, ".local", "stacks");
  const memory = new Memory(folder);
  for (const { name, lastUpdate } of listed) {
    const [entry, last] = [entries.get(name), known.get(name)];
    if (entry === undefined || last === undefined) continue;
    const read = platformStackOf(entry) === undefined ? undefined : platform;
    const inputs = inputsHash(hashedConfig(entry), program, read, packagesChecksum(entry));
    memory.write(name, { inputs, lastUpdate, declared: last.declared });
    const engine = { outputs: () => Promise.resolve(last.outputs) };
    await new Outputs(folder, engine).of(name, lastUpdate);
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
