import { appCount, appsOf } from "./config";
import { measure } from "./measure/command";
import { interleaved, type Alternative } from "./measure/rounds";
import type { Report } from "./measure/report";
import type { TestStack } from "../test/support/project";
import type { Say, World } from "./world";

/**
 * Measures previews of one stack with many apps: the first, which creates everything, and one after a change of a
 * single app; and compares them with kubectl's diff of the same objects.
 * @param sizes numbers of apps.
 */
export async function oneStackBenchmark(
  world: World,
  sizes: number[],
  rounds: number,
  say: Say,
): Promise<Report> {
  const alternatives: Alternative[] = [];
  for (const apps of sizes) {
    const first = world.stack(`${world.cluster.name}-first-${apps}`, prefixed("new-", apps));
    await first.create();
    const later = changed(world, apps);
    const file = world.write(`all-${apps}`, await world.objects(prefixed("new-", apps)));
    const diff = `kubectl diff of the same, ${appCount(apps)}`;
    alternatives.push(
      {
        name: diff,
        run: () => measure(world.kubectl("diff", file, "--concurrency=10")),
      },
      {
        name: `first preview, ${appCount(apps)}`,
        run: () => measure(world.pulumi("preview", first)),
        against: diff,
      },
      {
        name: `preview of one app's change, ${appCount(apps)}`,
        run: () => measure(world.pulumi("preview", later)),
        against: `preview of one app's change, ${appCount(sizes[0] ?? 1)}`,
      },
    );
  }
  return {
    name: "one-stack",
    title: "One stack of many apps",
    results: await interleaved(rounds, alternatives, say),
    notes: [],
  };
}

/**
 * Returns a stack whose apps have all been deployed, with another share for one canary. Its objects are not in the
 * cluster, because a preview reads only those that change.
 */
function changed(world: World, apps: number): TestStack {
  const name = `${world.cluster.name}-later-${apps}`;
  world.copies().stateOfMany(name, apps, "old-");
  const [[changing, app] = ["", {}], ...others] = Object.entries(prefixed("old-", apps));
  const moved = { ...app, canary: { version: "1.5.0", weight: 50 } };
  return world.stack(name, { [changing]: moved, ...Object.fromEntries(others) });
}

/** Returns a number of apps whose names no other stack uses. */
function prefixed(prefix: string, apps: number): Record<string, object> {
  return Object.fromEntries(
    Object.entries(appsOf(apps)).map(([name, app]) => [
      `${prefix}${name}`,
      { ...app, domain: `${prefix}${name}.platform.test` },
    ]),
  );
}
