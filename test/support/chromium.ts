import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { debianRoot, NoDebian } from "../../local/toolchain/debian";

const packages = ["chromium", "fonts-dejavu-core"];

/** Runs a command in a folder as its root, with this system's devices, processes and temporary files. */
const inRoot = `for each in proc dev tmp; do mount --rbind "/$each" "$0/$each"; done; exec chroot "$0" "$@"`;

/**
 * Returns the command of the system's Chromium, or, where it is not installed, of Debian's package in a folder of its
 * own; or the reason why there is none.
 */
export async function chromiumCommand(): Promise<string[] | NoDebian> {
  const installed = ["chromium", "chromium-browser"].find((name) => succeeds(name));
  if (installed !== undefined) return [installed];
  try {
    const { folder } = await debianRoot(packages);
    for (const each of ["proc", "dev", "tmp"]) mkdirSync(join(folder, each), { recursive: true });
    const own = process.getuid?.() === 0 ? [] : ["--map-root-user"];
    const command = [
      ...["unshare", "--mount", ...own, "bash", "-ec", inRoot, folder],
      "/usr/lib/chromium/chromium",
    ];
    return succeeds(...command) ? command : new NoDebian(`${command[0]} is not allowed to run it`);
  } catch (error) {
    if (error instanceof NoDebian) return error;
    throw error;
  }
}

function succeeds(command = "", ...args: string[]): boolean {
  return spawnSync(command, [...args, "--version"]).status === 0;
}
