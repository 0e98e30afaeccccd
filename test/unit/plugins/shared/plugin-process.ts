import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";

/** A plugin that runs as a process of its own, as the engine runs it. */
export interface PluginProcess {
  process: ChildProcess;
  /** Where it listens. */
  address: string;
}

/** The command line of the plugin in `local/plugins/<folder>`, as its launcher has it. */
export function pluginCommand(folder: string): string[] {
  const plugins = resolve(__dirname, "../../../../local/plugins");
  const load = join(plugins, "shared/load.cjs");
  return [process.execPath, "--require", load, join(plugins, folder, "main.ts")];
}

/** Starts `command`, whose first line of output must be the port of a plugin. */
export async function startPlugin(command: string[]): Promise<PluginProcess> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [output] = (await once(child.stdout, "data")) as [Buffer];
  return { process: child, address: `127.0.0.1:${Number(String(output))}` };
}
