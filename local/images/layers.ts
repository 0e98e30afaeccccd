import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { debianRoot, linkMerged, mergedFolders } from "../toolchain/debian";
import { binary, toolFolder } from "../toolchain/install";
import { run } from "../toolchain/run";
import { tools } from "../toolchain/tools";
import type { Layer } from "./facts";

/** Packages of every image with a shell. */
const basis = [
  "bash",
  "ca-certificates",
  "coreutils",
  "dash",
  "findutils",
  "gawk",
  "grep",
  "gzip",
  "hostname",
  "procps",
  "sed",
  "tar",
];

/** Debian's shell and small tools. */
export const shell: Layer = {
  key: JSON.stringify(["debian", basis]),
  make: async (folder) => {
    await copyDebian(basis, [], folder);
    await symlink("gawk", join(folder, "usr/bin/awk"));
    await trust(folder);
  },
};

/**
 * Debian packages on top of {@link shell}.
 * @param links symbolic links by path, which the packages' scripts would create.
 */
export function debian(packages: string[], links: Record<string, string> = {}): Layer {
  return {
    key: JSON.stringify(["debian", basis, packages, links]),
    make: async (folder) => {
      await copyDebian(packages, basis, folder);
      await makeLinks(links, folder);
    },
  };
}

async function makeLinks(links: Record<string, string>, folder: string): Promise<void> {
  for (const [path, to] of Object.entries(links)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await symlink(to, join(folder, path));
  }
}

async function copyDebian(packages: string[], without: string[], folder: string): Promise<void> {
  const { folder: source } = await debianRoot(packages, without);
  await run("cp", ["--archive", `${source}/.`, folder]);
}

/** Does what the scripts of ca-certificates would do. */
async function trust(folder: string): Promise<void> {
  const certificates = join(folder, "usr/share/ca-certificates/mozilla");
  const files = (await readdir(certificates)).filter((name) => name.endsWith(".crt")).sort();
  await mkdir(join(folder, "etc/ssl/certs"), { recursive: true });
  const script = `cd "$1" && cat -- ${files.map((file) => `'${file}'`).join(" ")} >"$2"`;
  const bundle = join(folder, "etc/ssl/certs/ca-certificates.crt");
  await run("bash", ["-c", script, "trust", certificates, bundle]);
}

/** A program of the toolchain, at a path in the image. */
export function program(name: string, path: string): Layer {
  return {
    key: JSON.stringify(["program", toolKey(name), path]),
    make: async (folder) => {
      const file = await placeOf(path, folder);
      await cp(binary(name), file);
      await chmod(file, 0o755);
    },
  };
}

/**
 * Returns where a layer has a file, and makes its folder. A folder /bin would replace the link of {@link shell}, and so
 * hide /bin/sh.
 */
async function placeOf(path: string, layer: string): Promise<string> {
  const [, first = ""] = path.split("/");
  if (mergedFolders.includes(first) && !existsSync(join(layer, first))) {
    await linkMerged(first, layer);
  }
  const file = join(layer, path);
  await mkdir(dirname(file), { recursive: true });
  return file;
}

function toolKey(name: string): string {
  const tool = tools.find(({ binaries }) => name in binaries);
  if (tool === undefined) throw new Error(`The toolchain has no program ${name}.`);
  return toolFolder(tool);
}

/** Text files by path; they are executable if they start with `#!`. */
export function files(texts: Record<string, string>, links: Record<string, string> = {}): Layer {
  return {
    key: JSON.stringify(["files", texts, links]),
    make: async (folder) => {
      for (const [path, text] of Object.entries(texts)) {
        const file = await placeOf(path, folder);
        await writeFile(file, text);
        await chmod(file, text.startsWith("#!") ? 0o755 : 0o644);
      }
      await makeLinks(links, folder);
    },
  };
}
