import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parse, stringify } from "yaml";
import { startCluster, stopCluster } from "../cluster";
import type { Cluster } from "../cluster/paths";
import { localEnvironment } from "../commands/environment";
import { checkout, localFolder } from "../toolchain/paths";
import { ensureLaunchers } from "../toolchain/plugins";
import { run } from "../toolchain/run";
import type { State } from "../../engine/state";
import type { Config } from "./edits";
import type { LiveObject } from "./objects";
import { stepsIn, type PlanStep } from "./plans";

const stack = "dev";

/** The dev stack on its own cluster, with one set of plugins. */
export class Side {
  private readonly folder: string;
  private readonly configFile: string;
  private readonly environment: NodeJS.ProcessEnv;
  private readonly file: { config: Config };

  private constructor(
    name: string,
    private readonly cluster: Cluster,
    official: string | undefined,
  ) {
    this.folder = join(localFolder, "compare", name);
    this.configFile = join(this.folder, `Pulumi.${stack}.yaml`);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    copyFileSync(join(checkout, "Pulumi.yaml"), join(this.folder, "Pulumi.yaml"));
    this.file = parse(readFileSync(join(checkout, `Pulumi.${stack}.yaml`), "utf8")) as Side["file"];
    const { kubeconfig, context } = cluster;
    this.file.config["platform:cluster"] = { kubeconfig, context };
    // Both sides use the stand-in for plugins that the official folder lacks.
    const launchers = join(this.folder, "plugins");
    ensureLaunchers({ path: "", installed: "" }, launchers);
    const own = localEnvironment({ cluster: cluster.name, state: join(this.folder, "state") });
    const path = [...(official === undefined ? [] : [official]), launchers, own.PATH ?? ""];
    this.environment = { ...process.env, ...own, PATH: path.join(delimiter) };
    this.configure(() => undefined);
  }

  /**
   * Starts a cluster.
   * @param official folder of plugins that take precedence over the stand-ins.
   */
  static async start(name: string, official?: string): Promise<Side> {
    const cluster = await startCluster({ name: `compare-${name}` });
    const side = new Side(name, cluster, official);
    await run("pulumi", ["stack", "init", stack], { cwd: side.folder, env: side.environment });
    return side;
  }

  /** Writes a changed config of the stack. */
  configure(change: (config: Config) => void): void {
    const config = structuredClone(this.file.config);
    change(config);
    writeFileSync(this.configFile, stringify({ ...this.file, config }, { compat: "yaml-1.1" }));
  }

  up(): Promise<string> {
    return this.pulumi("up", "--yes", "--skip-preview", "--suppress-outputs");
  }

  refresh(): Promise<string> {
    return this.pulumi("refresh", "--yes", "--skip-preview", "--suppress-outputs");
  }

  async preview(): Promise<PlanStep[]> {
    return stepsIn(await this.pulumi("preview", "--json"));
  }

  async drift(): Promise<PlanStep[]> {
    return stepsIn(await this.pulumi("refresh", "--preview-only", "--json"));
  }

  async state(): Promise<State> {
    return JSON.parse(await this.pulumi("stack", "export")) as State;
  }

  /** Replaces the state of the stack. */
  async begin(state: State): Promise<void> {
    const file = join(this.folder, "seed.json");
    writeFileSync(file, JSON.stringify(state));
    await this.pulumi("stack", "import", "--file", file);
    rmSync(file);
  }

  /** Returns every object of the cluster. */
  async objects(): Promise<LiveObject[]> {
    const kinds = await this.kubectl("api-resources", "--verbs=list", "-o", "name");
    const all = kinds.trim().split("\n").join(",");
    const text = await this.kubectl("get", all, "-A", "--show-managed-fields", "-o", "json");
    return (JSON.parse(text) as { items: LiveObject[] }).items;
  }

  kubectl(...args: string[]): Promise<string> {
    return run("kubectl", args, { env: this.environment });
  }

  stop(): Promise<void> {
    return stopCluster(this.cluster.name);
  }

  private pulumi(...args: string[]): Promise<string> {
    const target = ["--stack", stack, "--non-interactive"];
    const isOnStack = args[0] === "stack";
    const config = isOnStack ? [] : ["--config-file", this.configFile];
    return run("pulumi", [...args, ...target, ...config], {
      cwd: isOnStack ? this.folder : checkout,
      env: this.environment,
    });
  }
}
