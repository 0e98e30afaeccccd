import { setMaxListeners } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCluster, stopCluster, type Cluster } from "../local/cluster";
import { Api, fieldManager } from "../local/plugins/resource-kubernetes/api";
import { Client } from "../local/plugins/resource-kubernetes/client";
import { nameOf } from "../local/plugins/resource-kubernetes/objects";
import { binary } from "../local/toolchain/install";
import { checkout } from "../local/toolchain/paths";
import { run } from "../local/toolchain/run";
import program from "../index";
import { kubernetesObjects, type KubernetesObject } from "../render/objects";
import { record } from "../render/record";
import { stackFile } from "../config/stack-file";
import { runJobs } from "../cli/stacks/workers";
import { succeeded, TestStack } from "../test/support/project";
import { appCount, appName, appOf, appStackConfig, platformConfig } from "./config";
import { Copies, type Resource } from "./copies";
import type { Command } from "./measure/command";

type Config = Record<string, unknown>;

/** Shows progress to the user. */
export type Say = (line: string) => void;

/** Pods of an app: two releases with two each, doubled during a rollout. */
const podsOfApp = 8;
const podsOfNode = 250;

/** Number of objects that are created concurrently. */
const atOnce = 16;

/** Timeout for the pods of all apps, seconds. */
const podsTimeout = 900;

/**
 * A separate control plane and backend with a deployed platform stack, and the stacks of a number of apps. The first
 * app's stack was deployed; the others have copies of its state with their own names, and objects from these states, so
 * that many apps take minutes instead of an hour.
 */
export class World {
  private constructor(
    readonly cluster: Cluster,
    readonly platform: TestStack,
    /** The stack of the first app. */
    readonly app: TestStack,
    readonly apps: number,
  ) {}

  /** Creates a world with a number of apps. Always call `close`, also after a failure. */
  static async create(name: string, apps: number, say: Say): Promise<World> {
    const started = Date.now();
    await stopCluster(name);
    const cluster = await startCluster({
      name,
      nodes: { count: 2 + Math.ceil((apps * podsOfApp) / podsOfNode) },
      // No app scales here, and the controllers of a real cluster run on other machines.
      controllerManager: { "horizontal-pod-autoscaler-sync-period": "1h" },
    });
    const platform = new TestStack(`${name}-platform`, cluster);
    const app = new TestStack(stackName(name, appName(0)), cluster, undefined, platform.folder);
    const world = new World(cluster, platform, app, apps);
    try {
      await world.fill();
    } catch (error) {
      await world.close();
      throw error;
    }
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    say(
      `a control plane with a platform's stack and the stacks of ${appCount(apps)}: ${seconds} s`,
    );
    return world;
  }

  /** Returns the name of an app's stack. */
  stackOf(app: string): string {
    return stackName(this.cluster.name, app);
  }

  /** Folder of the stacks' files. */
  get folder(): string {
    return this.platform.folder;
  }

  /** Creates a stack of apps, or gives other apps to an existing one. */
  stack(name: string, apps: Record<string, object>): TestStack {
    const stack = new TestStack(name, this.cluster, undefined, this.folder);
    setConfig(stack, appStackConfig(apps, this.platform.name));
    return stack;
  }

  /** Creates stacks and states of other apps from those of the first app. */
  copies(): Copies {
    return new Copies(this.folder, (app) => this.stackOf(app));
  }

  /** Returns a command of the engine for a stack. */
  pulumi(verb: "preview" | "up", stack: TestStack): Command {
    const asked = verb === "up" ? ["--yes", "--skip-preview"] : [];
    const named = ["--stack", stack.name, "--config-file", stackFile(stack.name, this.folder)];
    return {
      line: ["pulumi", verb, ...named, ...asked, "--suppress-outputs", "--non-interactive"],
      environment: stack.environment,
    };
  }

  /** Returns the objects of apps, as `npx platform render` writes them. */
  async objects(apps: Record<string, object>): Promise<KubernetesObject[]> {
    const cluster = { "platform:cluster": { kubeconfig: "none", context: "none" } };
    const { name } = this.platform;
    const { outputs } = await record(program, name, { ...cluster, ...platformConfig() });
    const { registrations } = await record(
      program,
      "objects",
      { ...cluster, ...appStackConfig(apps, name) },
      { stackOutputs: { [`organization/platform/${name}`]: outputs } },
    );
    return kubernetesObjects(registrations);
  }

  /** Writes objects into one file. @returns its path. */
  write(name: string, items: KubernetesObject[]): string {
    const file = join(this.folder, `${name}.json`);
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    return file;
  }

  /** Returns a kubectl command for the objects in a file. */
  kubectl(verb: "apply" | "diff", file: string, ...args: string[]): Command {
    return {
      line: [binary("kubectl"), verb, "--server-side", "-f", file, ...args],
      environment: this.platform.environment,
      codes: verb === "diff" ? [0, 1] : [0],
    };
  }

  /** Stops the control plane and deletes all files. */
  async close(): Promise<void> {
    await stopCluster(this.cluster.name);
    this.platform.remove();
    const memory = join(checkout, ".local", "stacks");
    const endings = ["json", "log", "outputs.json"];
    for (let index = 0; index < this.apps; index++) {
      for (const ending of endings) {
        rmSync(join(memory, `${this.stackOf(appName(index))}.${ending}`), { force: true });
      }
    }
    for (const ending of endings)
      rmSync(join(memory, `${this.platform.name}.${ending}`), { force: true });
  }

  private async fill(): Promise<void> {
    setConfig(this.platform, platformConfig());
    setConfig(this.app, appStackConfig({ [appName(0)]: appOf(0) }, this.platform.name));
    for (const stack of [this.platform, this.app]) {
      await stack.create();
      succeeded(await stack.pulumi("up"));
    }
    if (this.apps === 1) return;
    const copies = this.copies();
    const objects: Resource[] = [];
    for (let index = 1; index < this.apps; index++) objects.push(...copies.stack(index));
    await this.makeObjects(objects);
    const last = this.stackOf(appName(this.apps - 1));
    const file = stackFile(last, this.folder);
    const line = ["preview", "--stack", last, "--config-file", file, "--expect-no-changes"];
    await run("pulumi", line, { cwd: checkout, env: this.platform.environment });
  }

  /** Creates objects like an update, and waits for their pods. */
  private async makeObjects(objects: Resource[]): Promise<void> {
    const { signal } = new AbortController();
    setMaxListeners(atOnce, signal);
    const api = new Api(new Client(this.cluster), signal);
    await runJobs(
      objects,
      atOnce,
      () => [],
      ({ urn, type, inputs = {} }) =>
        api.apply(nameOf(inputs, type), inputs, fieldManager(urn), {}),
    );
    const wait = ["wait", "deploy", "--all-namespaces", "--all", "--for=condition=Available"];
    await this.platform.kubectl(...wait, `--timeout=${podsTimeout}s`);
  }
}

/** Replaces a stack's config; the cluster stays the same. */
export function setConfig(stack: TestStack, values: Config): void {
  stack.edit((config) => {
    const cluster = config["platform:cluster"];
    for (const key of Object.keys(config)) delete config[key];
    Object.assign(config, { "platform:cluster": cluster, ...values });
  });
}

function stackName(world: string, app: string): string {
  return `${world}-${app}`;
}
