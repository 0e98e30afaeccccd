import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { reasonOf } from "../../../config/reason";

/** A dependency of a program. */
export interface Dependency {
  name: string;
  version: string;
}

interface Manifest {
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

interface LockFile {
  packages?: Record<string, { version?: string; link?: boolean }>;
}

/**
 * Returns the packages of the program in `directory`, sorted by name, in their installed versions (or the requested
 * ones, if nothing is installed).
 * @param transitive whether to include indirect dependencies, from package-lock.json.
 */
export function programDependencies(directory: string, transitive: boolean): Dependency[] {
  const found = transitive ? locked(directory) : direct(directory);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Destination of an installation's output, in real time. */
export interface InstallOutput {
  stdout(chunk: Uint8Array): void;
  stderr(chunk: Uint8Array): void;
}

/**
 * Installs the packages of the program in `directory` with npm: exactly those of package-lock.json, if there is one.
 */
export function installDependencies(
  directory: string,
  output: InstallOutput,
  signal: AbortSignal,
): Promise<void> {
  const command = existsSync(join(directory, "package-lock.json")) ? "ci" : "install";
  const npm = spawn("npm", [command, "--no-fund", "--no-audit"], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  npm.stdout.on("data", (chunk: Buffer) => output.stdout(chunk));
  npm.stderr.on("data", (chunk: Buffer) => output.stderr(chunk));
  return new Promise((resolve, reject) => {
    npm.once("error", (error) =>
      reject(new Error(`cannot run "npm ${command}" in ${directory}: ${error.message}`)),
    );
    npm.once("close", (code) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `"npm ${command}" in ${directory} failed with exit code ${code}; its output says why.`,
          ),
        );
    });
  });
}

function direct(directory: string): Dependency[] {
  const manifest = readJson<Manifest>(join(directory, "package.json"));
  const wanted = { ...manifest.devDependencies, ...manifest.dependencies };
  return Object.entries(wanted).map(([name, range]) => ({
    name,
    version: installedVersion(directory, name) ?? range,
  }));
}

function locked(directory: string): Dependency[] {
  const lock = readJson<LockFile>(join(directory, "package-lock.json"));
  const folder = "node_modules/";
  return Object.entries(lock.packages ?? {}).flatMap(([path, entry]) => {
    const start = path.lastIndexOf(folder);
    if (start < 0 || entry.version === undefined) return [];
    return [{ name: path.slice(start + folder.length), version: entry.version }];
  });
}

function installedVersion(directory: string, name: string): string | undefined {
  const path = join(directory, "node_modules", name, "package.json");
  return existsSync(path) ? readJson<Manifest>(path).version : undefined;
}

function readJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    throw new Error(`cannot read ${path}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
