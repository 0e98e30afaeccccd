import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { typescriptLoader } from "../../../../local/toolchain/paths";

/** A plugin in a separate process, as the engine runs it. */
export interface PluginProcess {
  process: ChildProcess;
  /** Its address. */
  address: string;
}

/** Returns the command line of the plugin in `local/plugins/<folder>`, as in its launcher. */
export function pluginCommand(folder: string): string[] {
  const plugins = resolve(__dirname, "../../../../local/plugins");
  return [process.execPath, "--require", typescriptLoader, join(plugins, folder, "main.ts")];
}

/** Starts `command`, whose first line of output must be the port of a plugin. */
export async function startPlugin(command: string[]): Promise<PluginProcess> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [output] = (await once(child.stdout, "data")) as [Buffer];
  return { process: child, address: `127.0.0.1:${Number(String(output))}` };
}
