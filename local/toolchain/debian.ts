import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./paths";
import { CommandFailed, run } from "./run";

/** Debian packages with their dependencies, unpacked without running their scripts. */
export interface DebianRoot {
  /** Folder with `usr`, `etc`, … */
  folder: string;
}

/** Why this machine cannot use Debian packages. */
export class NoDebian extends Error {}

/** Folders that Debian merges into /usr: in the root, there are only links to them. */
export const mergedFolders = ["bin", "sbin", "lib", "lib64"];

/**
 * Unpacks Debian packages and their dependencies into a folder of the cache. Nothing is installed on this machine. It
 * is fast if they are in the cache.
 * @param without packages whose files (with those of their dependencies) are omitted.
 * @throws NoDebian if there is no apt, or a package is not available.
 */
export async function debianRoot(packages: string[], without: string[] = []): Promise<DebianRoot> {
  const base = join(cacheFolder(), "debian");
  const folder = join(base, debianKey(packages, without));
  if (existsSync(folder)) return { folder };
  await mkdir(base, { recursive: true });
  const temporary = await mkdtemp(`${folder}.`);
  try {
    const left = new Set(without.length === 0 ? [] : await closure(without));
    const wanted = (await closure(packages)).filter((file) => !left.has(file));
    await fetchPackages(packages);
    for (const name of mergedFolders) await linkMerged(name, temporary);
    for (const file of wanted) await unpack(join(archives(), file), temporary);
    await rename(temporary, folder).catch((error: unknown) => {
      // Another process was faster.
      if (!existsSync(folder)) throw error;
    });
    return { folder };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Makes one of {@link mergedFolders} in the root of a file system, as Debian does. */
export async function linkMerged(name: string, root: string): Promise<void> {
  await mkdir(join(root, "usr", name), { recursive: true });
  await symlink(`usr/${name}`, join(root, name));
}

/** Returns the name of the cache folder for a set of packages. */
export function debianKey(packages: string[], without: string[] = []): string {
  const text = JSON.stringify([[...packages].sort(), [...without].sort()]);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return `${packages[0] ?? "none"}-${hash}`;
}

function archives(): string {
  return join(cacheFolder(), "debian", "archives");
}

/** Returns the file names of packages and their dependencies, as apt resolves them on an empty system. */
async function closure(packages: string[]): Promise<string[]> {
  const text = await apt(["--simulate", "install", ...packages]);
  return [...text.matchAll(/^Inst (\S+) \((\S+) .*\[(\w+)\]\)/gm)].map(
    ([, name = "", version = "", architecture = ""]) =>
      `${name}_${version.replaceAll(":", "%3a")}_${architecture}.deb`,
  );
}

async function fetchPackages(packages: string[]): Promise<void> {
  await apt(["--download-only", "install", ...packages]);
}

/** Runs apt-get as on an empty system, with a separate archive folder. */
async function apt(args: string[]): Promise<string> {
  const state = join(cacheFolder(), "debian");
  await mkdir(join(archives(), "partial"), { recursive: true });
  const status = join(state, "no-packages");
  await writeFile(status, "");
  const options = [
    `Dir::State::status=${status}`,
    `Dir::Cache::archives=${archives()}`,
    "APT::Install-Recommends=false",
    "APT::Sandbox::User=root",
    "Debug::NoLocking=true",
  ];
  const command = [...options.flatMap((option) => ["-o", option]), "--yes", ...args];
  try {
    return await run("apt-get", command, { env: { ...process.env, LC_ALL: "C" } });
  } catch (error) {
    if (!(error instanceof CommandFailed)) {
      throw new NoDebian("there is no apt-get, which is needed for Debian packages", {
        cause: error,
      });
    }
    if (!/Unable to locate package|no installation candidate/.test(error.output)) throw error;
  }
  // A new machine has no package lists.
  await run("apt-get", ["update"]);
  return run("apt-get", command, { env: { ...process.env, LC_ALL: "C" } });
}

async function unpack(archive: string, folder: string): Promise<void> {
  const unread = ["doc", "man", "locale"].map((name) => `--exclude=./usr/share/${name}`).join(" ");
  const script = `dpkg-deb --fsys-tarfile "$1" | tar --extract --keep-directory-symlink ${unread} -C "$2"`;
  await run("bash", ["-o", "pipefail", "-c", script, "unpack", archive, folder]);
}
