import { LinkedProject } from "../test/support/linked-project";
import { succeeded, type TestStack } from "../test/support/project";
import { appCount, appsOf, appStackConfig } from "./config";
import { measure, type Command } from "./measure/command";
import { measureInterleaved, type Alternative } from "./measure/rounds";
import type { Report } from "./measure/report";
import type { Say, World } from "./world";

/**
 * Measures previews of one stack with many apps: the first, which creates everything, and one after a change of a
 * single app; and compares them with kubectl's diff of the same objects.
 * @param sizes numbers of apps in the stack's file.
 * @param many number of apps with a file each, which may be more than fit into the stack's.
 */
export async function oneStackBenchmark(
  world: World,
  sizes: number[],
  many: number,
  rounds: number,
  say: Say,
): Promise<Report> {
  const alternatives: Alternative[] = [];
  for (const apps of sizes) {
    const first = world.stack(`${world.cluster.name}-first-${apps}`, prefixApps("new-", apps));
    await first.create();
    const later = changeStack(world, apps);
    const file = world.write(`all-${apps}`, await world.objects(prefixApps("new-", apps)));
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
  const project = new LinkedProject(world.platform.environment);
  try {
    const file = world.write("all-in-files", await world.objects(prefixApps("file-", many)));
    const diff = `kubectl diff of the same, ${appCount(many)} in files`;
    const first = await inFiles(world, project, many);
    alternatives.push(
      { name: diff, run: () => measure(world.kubectl("diff", file, "--concurrency=10")) },
      {
        name: `first preview, ${appCount(many)} in files`,
        run: () => measure(first),
        against: diff,
      },
    );
    return {
      name: "one-stack",
      title: "One stack of many apps",
      results: await measureInterleaved(rounds, alternatives, say),
      notes: [],
    };
  } finally {
    project.remove();
  }
}

/** Creates a stack whose apps have a file each. @returns the command that previews it. */
async function inFiles(world: World, project: LinkedProject, apps: number): Promise<Command> {
  const name = `${world.cluster.name}-files-${apps}`;
  const config = appStackConfig({}, world.platform.name);
  delete config["platform:apps"];
  const cluster = world.platform.config()["platform:cluster"];
  project.stack(name, {
    ...config,
    "platform:cluster": cluster,
    "platform:appFiles": "apps/bench",
  });
  for (const [app, value] of Object.entries(prefixApps("file-", apps))) {
    project.app(`apps/bench/${app}.yaml`, value);
  }
  succeeded(await project.run("pulumi", "stack", "init", "--no-select", name));
  return {
    line: ["pulumi", "preview", "--stack", name, "--suppress-outputs", "--non-interactive"],
    environment: project.environment,
    folder: project.folder,
  };
}

/**
 * Returns a stack whose apps have all been deployed, with another share for one canary. Its objects are not in the
 * cluster, because a preview reads only those that change.
 */
function changeStack(world: World, apps: number): TestStack {
  const name = `${world.cluster.name}-later-${apps}`;
  world.copies().stateOfMany(name, apps, "old-");
  const [[changing, app] = ["", {}], ...others] = Object.entries(prefixApps("old-", apps));
  const moved = { ...app, canary: { version: "1.5.0", weight: 50 } };
  return world.stack(name, { [changing]: moved, ...Object.fromEntries(others) });
}

/** Returns a number of apps whose names no other stack uses. */
function prefixApps(prefix: string, apps: number): Record<string, object> {
  return Object.fromEntries(
    Object.entries(appsOf(apps)).map(([name, app]) => [
      `${prefix}${name}`,
      { ...app, domain: `${prefix}${name}.platform.test` },
    ]),
  );
}
