import { spawn } from "node:child_process";
import { adviceOn } from "./advice";
import { engineVariables, notStarted } from "./environment";

/** What is done with stacks. */
export type Verb = "preview" | "up";

/** How a run of the engine ended. */
export interface Ended {
  /** Nothing when a signal ended it. */
  code: number | null;
  stdout: string;
  /** Both streams as they came. */
  output: string;
}

/** The engine, as the commands use it. */
export interface Engine {
  /** Previews or updates a stack. */
  run(verb: Verb, stack: string, configFile: string | undefined): Promise<Ended>;
  /** When each stack that the backend knows was last updated; nothing for one that never was. */
  lastUpdates(): Promise<Map<string, string | undefined>>;
  /** Outputs of a stack's last update; nothing when it cannot be read. */
  outputs(stack: string): Promise<Record<string, unknown> | undefined>;
}

interface Listed {
  name: string;
  lastUpdate?: string;
}

/** The `pulumi` on the search path, each call a process of its own. */
export const pulumiEngine: Engine = {
  run: (verb, stack, configFile) =>
    pulumi([
      verb,
      "--stack",
      stack,
      ...(configFile === undefined ? [] : ["--config-file", configFile]),
      ...(verb === "up" ? ["--yes", "--skip-preview"] : []),
      ...["--suppress-outputs", "--non-interactive", "--color", "never"],
    ]),

  async lastUpdates() {
    const { code, stdout, output } = await pulumi(["stack", "ls", "--json", "--non-interactive"]);
    if (code !== 0) {
      const lines = [`pulumi cannot list the backend's stacks: ${output.trim()}`];
      throw new Error([...lines, adviceOn("", output) ?? []].flat().join("\n"));
    }
    const listed = JSON.parse(stdout) as Listed[];
    return new Map(
      // A backend with organizations puts those in front.
      listed.map(({ name, lastUpdate }) => [name.split("/").at(-1) ?? name, lastUpdate]),
    );
  },

  async outputs(stack) {
    const { code, stdout } = await pulumi([
      ...["stack", "output", "--json", "--non-interactive", "--stack", stack],
    ]);
    return code === 0 ? (JSON.parse(stdout) as Record<string, unknown>) : undefined;
  },
};

function pulumi(args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, {
      env: { ...process.env, ...engineVariables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, output] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", (error) => reject(notStarted(error)));
    child.on("close", (code) => resolve({ code, stdout, output }));
  });
}
