import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { bundleLoader } from "../../../local/toolchain/paths";
import { startCluster, stopCluster } from "../../../local/cluster";
import { folderBackend } from "../backend";
import { devConfig, keepApps, keepParts, omitGatewayCrds } from "../dev-stack";
import { FleetProject } from "../fleet-project";
import { succeeded, type Ended } from "../results";
import { soonScaled } from "../scaled";
import { begin, type Subject } from "./edits";
import type { Moment } from "./judge";
import { liveObjects } from "./live";
import { saidBy, type Said } from "./said";

type Config = Record<string, unknown>;

/** Longest beginning of an output in a failure, characters: the stack's outputs are at the end. */
const longest = 3000;

/** Returns the beginning of a command's output if it failed. */
export function failed(title: string, { code, output }: Ended): string[] {
  return code === 0 ? [] : [`${title} ended with ${code}:\n${output.slice(0, longest)}`];
}

const person = { GIT_AUTHOR_NAME: "Ann", GIT_AUTHOR_EMAIL: "ann@example.com" };

/** A stack like the dev stack, in a git repository and on a cluster of its own. */
export class OracleStack {
  private constructor(
    readonly name: string,
    readonly project: FleetProject,
  ) {}

  /** Starts the cluster, and brings the stack up. */
  static async start(name: string, subject: Subject): Promise<OracleStack> {
    const cluster = await startCluster({ name, gatewayCrds: true, ...soonScaled });
    const stack = new OracleStack(name, new FleetProject(cluster));
    const { environment } = stack.project;
    for (const variable of Object.keys(environment)) {
      if (/^(CI|GITHUB|GITLAB|PLATFORM)_/.test(variable)) delete environment[variable];
    }
    Object.assign(environment, person, {
      GIT_COMMITTER_NAME: person.GIT_AUTHOR_NAME,
      GIT_COMMITTER_EMAIL: person.GIT_AUTHOR_EMAIL,
      GOGC: "400",
    });
    const config: Config = {
      "platform:cluster": stack.project.common["platform:cluster"],
      ...devConfig(),
    };
    keepApps(config, subject.apps);
    keepParts(config, subject.parts);
    omitGatewayCrds(config);
    begin(subject, config);
    stack.project.stack(name, config);
    await stack.project.create(name);
    await stack.project.git("init", "--quiet", "--initial-branch=main");
    await stack.commit("Create the stack");
    succeeded(await stack.up());
    await stack.project.settle();
    return stack;
  }

  async stop(): Promise<void> {
    await stopCluster(this.name);
    this.project.remove();
  }

  /** The stack's config in its file. */
  config(): Config {
    return (parse(this.text()) as { config: Config }).config;
  }

  /** The stack's whole file. */
  text(): string {
    return readFileSync(join(this.project.folder, `Pulumi.${this.name}.yaml`), "utf8");
  }

  /** Replaces the config, and commits it if it is another one. */
  async write(config: Config, subject: string): Promise<void> {
    const all = parse(this.text()) as { config: Config };
    const text = stringify({ ...all, config }, { compat: "yaml-1.1" });
    this.project.file(`Pulumi.${this.name}.yaml`, text);
    const changed = await this.project.git("status", "--porcelain", "--untracked-files=no");
    if (changed !== "") await this.commit(subject);
  }

  /** Commits every change of the stack's file. */
  async commit(subject: string): Promise<void> {
    await this.project.git("add", `Pulumi.${this.name}.yaml`);
    await this.project.git("commit", "--quiet", "--message", subject);
  }

  /** Updates the stack without a preview. */
  up(): Promise<Ended> {
    return this.run("pulumi", "up", "--yes", "--skip-preview", "--stack", this.name);
  }

  /** Runs a script of a comment, in which `npx` runs this checkout's program. */
  script(commands: readonly string[]): Promise<Ended> {
    const npx = `npx() { shift; "${process.execPath}" "${bundleLoader}" cli/index.ts "$@"; }`;
    return this.run("bash", "-c", [npx, ...commands].join("\n"));
  }

  run(command: string, ...args: string[]): Promise<Ended> {
    return this.project.run(command, ...args);
  }

  /** Previews the stack. */
  async preview(): Promise<Said> {
    const [json, comment] = ["preview.json", "preview.md"].map((file) =>
      join(this.project.folder, ".local", file),
    ) as [string, string];
    const args = ["--json", json, "--out", comment];
    const { code, output } = await this.project.platform("preview", this.name, ...args);
    try {
      return saidBy(code, readFileSync(json, "utf8"), readFileSync(comment, "utf8"));
    } catch (error) {
      throw new Error(`the preview wrote no report:\n${output}`, { cause: error });
    }
  }

  /** Returns what the cluster and the state contain now. */
  async moment(): Promise<Moment> {
    const live = await liveObjects(async (...args) =>
      succeeded(await this.run("kubectl", ...args)),
    );
    const state = folderBackend(join(this.project.folder, "state")).state(this.name);
    const resources = (state?.deployment.resources ?? []).filter(
      ({ custom, type }) => custom && !type.startsWith("pulumi:providers:"),
    );
    const titles = new Map(
      resources.map(({ urn, type, id = "" }) => [urn, `${type.split(":").at(-1)} ${id}`]),
    );
    return { live, titleOf: (urn) => titles.get(urn), resources: resources.length };
  }
}
