import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../../local/cluster";
import { localEnvironment } from "../../local/commands/environment";
import { devComponents } from "./dev-stack";
import { LinkedProject } from "./linked-project";
import { stateAtEnd, succeeded } from "./project";
import { waitUntilScaled } from "./scaled";
import type { StateResource } from "./stack-state";

/** Resources whose outputs have records of releases. */
const recording = ["pulumi:pulumi:Stack", "platform:app:App"];

const hour = 3_600_000;

/** A project with stacks of its own on a cluster of a test, their states in files, and a git repository. */
export class FleetProject extends LinkedProject {
  constructor(private readonly cluster: Cluster) {
    super({ ...process.env });
    const state = join(this.folder, "state");
    Object.assign(this.environment, {
      ...localEnvironment({ purpose: "test", cluster: cluster.name, state }),
      ...stateAtEnd,
    });
  }

  /** Config that every stack needs. */
  get common(): Record<string, unknown> {
    const { kubeconfig, context } = this.cluster;
    return {
      "platform:environment": "online",
      "platform:domain": "platform.example.com",
      "platform:cluster": { kubeconfig, context },
    };
  }

  /** The parts of a platform that apps need. */
  parts(...teams: string[]): object {
    const { gateway } = devComponents();
    return { tenancy: { teams: Object.fromEntries(teams.map((team) => [team, {}])) }, gateway };
  }

  /** Creates stacks in the backend. */
  async create(...stacks: string[]): Promise<void> {
    for (const stack of stacks) {
      succeeded(await this.run("pulumi", "stack", "init", "--no-select", stack));
    }
  }

  /** Runs `npx platform stacks up`, and waits until every release has the pods that its autoscaler asks for. */
  async up(...args: string[]): Promise<void> {
    succeeded(await this.platform("stacks", "up", ...args));
    await this.settle();
  }

  /** Waits until every release has the pods that its autoscaler asks for. */
  async settle(): Promise<void> {
    await waitUntilScaled(async (...get) => succeeded(await this.run("kubectl", ...get)));
  }

  /** Commits all files as somebody. */
  async commit(author: string, ...paragraphs: string[]): Promise<void> {
    await this.git("add", "--all", "apps", ":(glob)Pulumi.*.yaml");
    const texts = paragraphs.flatMap((text) => ["--message", text]);
    await this.git("commit", "--quiet", "--author", `${author} <a@example.com>`, ...texts);
  }

  /** Moves the times in the records of a stack back, as if its last update were some hours older. */
  async age(stack: string, hours: number): Promise<void> {
    const file = join(this.folder, ".local", `${stack}.state.json`);
    const named = ["--stack", stack, "--file", file];
    succeeded(await this.run("pulumi", "stack", "export", ...named));
    const state = JSON.parse(readFileSync(file, "utf8")) as {
      deployment: { resources: StateResource[] };
    };
    for (const resource of state.deployment.resources) {
      if (!recording.includes(resource.type)) continue;
      const text = JSON.stringify(resource.outputs ?? {});
      const older = text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) =>
        new Date(Date.parse(time) - hours * hour).toISOString(),
      );
      resource.outputs = JSON.parse(older) as Record<string, unknown>;
    }
    writeFileSync(file, JSON.stringify(state));
    succeeded(await this.run("pulumi", "stack", "import", ...named));
  }
}
