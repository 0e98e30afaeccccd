import { setTimeout as sleep } from "node:timers/promises";
import { measure } from "../measure/command";
import type { Contender, Memory } from "./contender";
import { platformApp } from "./platform-settings";
import { changeTimeout, namespace, weights } from "./settings";
import type { Site } from "./site";

/** Pause between two runs of the schedule that advances canaries, milliseconds; a CI system's is minutes. */
const schedule = 2000;

/** This project: each change is an edit of the config and an update; steps are made by a schedule. */
export class Platform implements Contender {
  readonly name = "this platform";
  readonly app = platformApp;
  readonly routing = "HTTPRoute";
  readonly route = {
    path: `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/httproutes`,
    name: platformApp,
  };
  private command = 0;

  constructor(private readonly site: Site) {}

  /** The site has created its app. */
  async start(): Promise<void> {}

  async release(version: string): Promise<void> {
    await this.edit("canary", version, "--weight", String(weights[0]));
    await this.update();
    for (const end = Date.now() + changeTimeout * 1000; ; await sleep(schedule)) {
      const output = await this.edit("advance");
      if (/^\S+: nothing to do/m.test(output)) {
        if (Date.now() > end) throw new Error(`${version} does not advance: ${output}`);
        continue;
      }
      if (/takes all requests/.test(output)) throw new Error(`${version} was ended: ${output}`);
      await this.update();
      if (/: promote the canary/.test(output)) return;
    }
  }

  async rollback(): Promise<void> {
    await this.edit("rollback");
    await this.update();
  }

  memory(): Memory {
    return { controller: 0, command: this.command };
  }

  /** Nothing runs. */
  async stop(): Promise<void> {}

  private edit(verb: string, ...args: string[]): Promise<string> {
    const line = ["--require", "./bin/typescript.cjs", "cli/release/index.ts", verb, platformApp];
    return this.run([process.execPath, ...line, ...args, ...this.target()]);
  }

  private async update(): Promise<void> {
    const options = ["--yes", "--skip-preview", "--non-interactive", "--suppress-outputs"];
    await this.run(["pulumi", "up", ...options, ...this.target()]);
  }

  private target(): string[] {
    const { name, configFile } = this.site.stack;
    return ["--stack", name, "--config-file", configFile];
  }

  private async run(line: string[]): Promise<string> {
    const { environment } = this.site.stack;
    const { memory, output } = await measure({ line, environment });
    this.command = Math.max(this.command, memory?.total ?? 0);
    return output;
  }
}
