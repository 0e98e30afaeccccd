import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { checkout } from "../../local/toolchain/paths";

/**
 * Folders of the project's own TypeScript, and the folders from which each may import besides itself; tests may import
 * anything.
 */
export const rooms: Record<string, string[]> = {
  versions: [],
  releases: ["config"],
  config: ["versions"],
  cluster: ["config", "versions"],
  components: ["config", "versions"],
  program: ["cluster", "components", "config", "releases", "versions"],
  provision: ["config", "versions"],
  render: ["index.ts", "config"],
  policy: ["components", "config", "render", "versions"],
  engine: ["config"],
  local: ["cluster", "components", "config", "engine", "index.ts", "render", "versions"],
  cli: [
    "cluster",
    "config",
    "engine",
    "local",
    "policy",
    "program",
    "provision",
    "releases",
    "render",
    "versions",
  ],
  // What it measures is brought up by the helpers of tests.
  bench: [
    "cli",
    "cluster",
    "components",
    "config",
    "engine",
    "index.ts",
    "local",
    "program",
    "releases",
    "render",
    "test",
    "versions",
  ],
};

/** Files of these folders. */
export const sources = Object.keys(rooms).flatMap((room) => filesIn(room));
/** All files of the project, including tests. */
export const known = new Set([...sources, ...filesIn("test"), "index.ts"]);

/** Returns the TypeScript files in a folder of the project. */
function filesIn(folder: string): string[] {
  return readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => posix.join(folder, file));
}

/** Returns the project files that a file imports, including types. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(checkout, file), "utf8");
  const specifiers = text.matchAll(
    /\b(?:from|import|import\(|require\()\s*"(\.{1,2}(?:\/[^"]*)?)"/g,
  );
  return [...specifiers].map(([, specifier = ""]) => {
    const path = posix.normalize(posix.join(dirname(file), specifier)).replace(/\/$/, "");
    const found = [path, `${path}.ts`, `${path}/index.ts`].find((it) => known.has(it));
    return found ?? path;
  });
}

/** Imports of each file of the project. */
export const graph = new Map([...known].map((file) => [file, importsOf(file)]));

/** Returns the top-level folder of a file. */
export const roomOf = (file: string) => file.split("/")[0] ?? file;
