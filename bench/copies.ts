import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PropertyMap } from "../local/plugins/shared/values";
import { stackFile } from "../config/stack-file";
import { appName, teamName } from "./config";

/** A resource in a stack's state. */
export interface Resource {
  urn: string;
  type: string;
  inputs?: PropertyMap;
  outputs?: Record<string, Record<string, unknown>>;
}

interface Checkpoint {
  checkpoint: { stack: string; latest: { resources: Resource[] } };
}

/** States and files of additional stacks, derived from the first app's stack, which has been deployed. */
export class Copies {
  private readonly checkpoint: string;
  private readonly config: string;
  private readonly original: string;

  constructor(
    private readonly folder: string,
    private readonly stackOf: (app: string) => string,
  ) {
    this.original = stackOf(appName(0));
    this.checkpoint = readFileSync(this.stateFile(this.original), "utf8");
    this.config = readFileSync(stackFile(this.original, folder), "utf8");
  }

  /**
   * Creates the stack of another app.
   * @returns its app's objects.
   */
  stack(index: number): Resource[] {
    const app = appName(index);
    const name = this.stackOf(app);
    const renamed = (text: string) => this.forApp(text, index, name);
    this.write(this.stateFile(name), renamed(this.checkpoint));
    this.write(stackFile(name, this.folder), renamed(this.config));
    return this.stateOf(index, name).checkpoint.latest.resources.filter(
      ({ urn, type }) => type.startsWith("kubernetes:") && urn.includes(`::${app}`),
    );
  }

  /**
   * Writes the state of one stack with a number of apps.
   * @param prefix prefix of the apps' names.
   */
  stateOfMany(name: string, apps: number, prefix: string): void {
    const states = Array.from({ length: apps }, (_, index) => this.stateOf(index, name, prefix));
    const [whole] = states;
    if (whole === undefined) return;
    const { latest } = whole.checkpoint;
    const resources = states.flatMap((state) => state.checkpoint.latest.resources);
    // Resources that all apps share, such as the provider, occur once.
    latest.resources = [...new Map(resources.map((each) => [each.urn, each])).values()];
    const stack = latest.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    const outputs = states.map((state) => state.checkpoint.latest.resources[0]?.outputs ?? {});
    if (stack !== undefined) {
      stack.outputs = Object.fromEntries(
        ["apps", "releases"].map((key) => [
          key,
          Object.assign({}, ...outputs.map((each) => each[key])) as Record<string, unknown>,
        ]),
      );
    }
    this.write(this.stateFile(name), JSON.stringify(whole));
    // The state is encrypted with the salt in that config.
    this.write(stackFile(name, this.folder), this.config);
  }

  /** Returns the outputs of a stack's last update. */
  outputsOf(stack: string): Record<string, unknown> {
    const { checkpoint } = JSON.parse(readFileSync(this.stateFile(stack), "utf8")) as Checkpoint;
    const root = checkpoint.latest.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    return root?.outputs ?? {};
  }

  private stateOf(index: number, stack: string, prefix = ""): Checkpoint {
    return JSON.parse(this.forApp(this.checkpoint, index, stack, prefix)) as Checkpoint;
  }

  private forApp(text: string, index: number, stack: string, prefix = ""): string {
    return text
      .replaceAll(this.original, stack)
      .replaceAll(appName(0), `${prefix}${appName(index)}`)
      .replaceAll(teamName(0), teamName(index));
  }

  private stateFile(stack: string): string {
    return join(this.folder, "state", ".pulumi", "stacks", "platform", `${stack}.json`);
  }

  private write(file: string, text: string): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
