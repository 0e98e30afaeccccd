import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { debianKey, debianRoot, NoDebian } from "./debian";
import { cacheFolder } from "./paths";

const packages = ["haproxy"];

/**
 * Provides HAProxy for tests of proxies in front of the gateway: the one on this machine, or Debian's package, unpacked
 * into the cache. Without either, these tests are skipped.
 */
export async function ensureHaproxy(report: (line: string) => void = console.error): Promise<void> {
  if (haproxyCommand() !== undefined) return;
  try {
    await debianRoot(packages);
  } catch (error) {
    if (!(error instanceof NoDebian)) throw error;
    report(`haproxy is not available, and its tests are skipped: ${error.message}`);
  }
}

/** Returns the command that runs HAProxy; undefined if there is none. */
export function haproxyCommand(): string[] | undefined {
  if (spawnSync("haproxy", ["-v"]).error === undefined) return ["haproxy"];
  return debianCommand(join(cacheFolder(), "debian", debianKey(packages)));
}

/** Runs the program of the unpacked package with the package's own loader and libraries. */
function debianCommand(root: string): string[] | undefined {
  if (!existsSync(root)) return undefined;
  const libraries = join(root, "usr/lib");
  for (const name of readdirSync(libraries).filter((entry) => entry.endsWith("-linux-gnu"))) {
    const folder = join(libraries, name);
    const loader = readdirSync(folder).find((file) => /^ld-linux-.*\.so\.\d+$/.test(file));
    if (loader !== undefined) {
      const path = join(folder, loader);
      return [path, "--library-path", folder, join(root, "usr/sbin/haproxy")];
    }
  }
  throw new Error(`${libraries}: expected Debian's dynamic loader, got none; remove ${root}`);
}
