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
import { workers } from "../cli/stacks/workers";
import { succeeded, TestStack } from "../test/support/project";
import { appCount, appName, appOf, appStackConfig, platformConfig } from "./config";
import { Copies, type Resource } from "./copies";
import type { Command } from "./measure/command";

type Config = Record<string, unknown>;

/** Says something to the person who waits. */
export type Say = (line: string) => void;

/** Pods of an app: two releases of two each, and as many again while they change places. */
const podsOfApp = 8;
const podsOfNode = 250;

/** Objects that are made at a time. */
const atOnce = 16;

/** Longest wait for the pods of all apps, seconds. */
const podsTimeout = 900;

/**
 * A control plane and a backend of their own, with a platform's stack that is up, and the stacks of
 * a number of apps. The first app's stack was brought up; the others have its state under their own
 * names, and objects that were made from it, so that many apps take minutes and not an hour.
 */
export class World {
  private constructor(
    readonly cluster: Cluster,
    readonly platform: TestStack,
    /** The stack of the first app. */
    readonly app: TestStack,
    readonly apps: number,
  ) {}

  /** Makes a world with a number of apps; `close` must follow, also after a failure. */
  static async create(name: string, apps: number, say: Say): Promise<World> {
    const started = Date.now();
    await stopCluster(name);
    const cluster = await startCluster({
      name,
      nodes: { count: 2 + Math.ceil((apps * podsOfApp) / podsOfNode) },
      // There is nothing to scale by here, and a real cluster's controllers run on other machines.
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

  /** Name of the stack of an app. */
  stackOf(app: string): string {
    return stackName(this.cluster.name, app);
  }

  /** Folder of the stacks' files. */
  get folder(): string {
    return this.platform.folder;
  }

  /** Makes a stack of apps that the backend does not know yet, or gives one that it has other apps. */
  stack(name: string, apps: Record<string, object>): TestStack {
    const stack = new TestStack(name, this.cluster, undefined, this.folder);
    setConfig(stack, appStackConfig(apps, this.platform.name));
    return stack;
  }

  /** Makes stacks and states of other apps out of the first app's. */
  copies(): Copies {
    return new Copies(this.folder, (app) => this.stackOf(app));
  }

  /** A command of the engine on a stack. */
  pulumi(verb: "preview" | "up", stack: TestStack): Command {
    const asked = verb === "up" ? ["--yes", "--skip-preview"] : [];
    const named = ["--stack", stack.name, "--config-file", stackFile(stack.name, this.folder)];
    return {
      line: ["pulumi", verb, ...named, ...asked, "--suppress-outputs", "--non-interactive"],
      environment: stack.environment,
    };
  }

  /** The objects of apps, as `npm run render` writes them. */
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

  /** A command of kubectl on objects of a file. */
  kubectl(verb: "apply" | "diff", file: string, ...args: string[]): Command {
    return {
      line: [binary("kubectl"), verb, "--server-side", "-f", file, ...args],
      environment: this.platform.environment,
      codes: verb === "diff" ? [0, 1] : [0],
    };
  }

  /** Ends the control plane, and takes away all that was made. */
  async close(): Promise<void> {
    await stopCluster(this.cluster.name);
    this.platform.remove();
    const memory = join(checkout, ".local", "stacks");
    for (let index = 0; index < this.apps; index++) {
      for (const ending of ["json", "log"]) {
        rmSync(join(memory, `${this.stackOf(appName(index))}.${ending}`), { force: true });
      }
    }
    rmSync(join(memory, `${this.platform.name}.json`), { force: true });
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

  /** Makes objects as an update would have done, and waits for their pods. */
  private async makeObjects(objects: Resource[]): Promise<void> {
    const { signal } = new AbortController();
    setMaxListeners(atOnce, signal);
    const api = new Api(new Client(this.cluster), signal);
    await workers(
      objects,
      atOnce,
      () => undefined,
      ({ urn, type, inputs = {} }) =>
        api.apply(nameOf(inputs, type), inputs, fieldManager(urn), {}),
    );
    const wait = ["wait", "deploy", "--all-namespaces", "--all", "--for=condition=Available"];
    await this.platform.kubectl(...wait, `--timeout=${podsTimeout}s`);
  }
}

/** Changes a stack's config to another, on the cluster that it has. */
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
