import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { checkout } from "../../local/toolchain/paths";

/** Folders of the project's own TypeScript, and what each may import beside itself; a test may import anything. */
const rooms: Record<string, string[]> = {
  versions: [],
  releases: ["config"],
  config: ["versions"],
  cluster: ["config", "versions"],
  components: ["config", "versions"],
  program: ["cluster", "components", "config", "releases", "versions"],
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
    "releases",
    "render",
    "versions",
  ],
};

const sources = Object.keys(rooms).flatMap((room) => filesIn(room));
const known = new Set([...sources, ...filesIn("test"), ...filesIn("bench"), "index.ts"]);

/** TypeScript files below a folder of the project. */
function filesIn(folder: string): string[] {
  return readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => posix.join(folder, file));
}

/** Files of the project that a file imports, types included. */
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
const graph = new Map([...known].map((file) => [file, importsOf(file)]));
const roomOf = (file: string) => file.split("/")[0] ?? file;

/** Groups of files that import each other, directly or through others. */
function circles(): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const visit = (file: string): number => {
    const number = order.size;
    order.set(file, number);
    lowest.set(file, number);
    open.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!graph.has(next)) continue;
      const reached = order.has(next)
        ? open.includes(next)
          ? (order.get(next) ?? number)
          : number
        : visit(next);
      lowest.set(file, Math.min(lowest.get(file) ?? number, reached));
    }
    const low = lowest.get(file) ?? number;
    if (low === number) {
      const group = open.splice(open.indexOf(file));
      if (group.length > 1) found.push(group.sort());
    }
    return low;
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return found;
}

describe("the project's folders", () => {
  it("import only what they may", () => {
    const wrong = sources.flatMap((file) =>
      (graph.get(file) ?? [])
        .filter((to) => roomOf(to) !== roomOf(file) && !rooms[roomOf(file)]?.includes(roomOf(to)))
        .map((to) => `${file} imports ${to}`),
    );
    assert.deepEqual(wrong, []);
  });

  it("have no files that import each other", () => {
    assert.deepEqual(circles(), []);
  });
});
