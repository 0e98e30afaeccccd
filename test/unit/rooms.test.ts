import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { checkout } from "../../local/toolchain/paths";
import { graph, roomOf, rooms, sources } from "../support/imports";

/** Returns groups of files that import each other, directly or indirectly. */
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

/** Most lines of a file: beyond, it has more than one subject. */
const longest = 250;

/** Folders with files of others, and with results. */
const foreign = ["node_modules", ".git", ".local", "out"];

/** Returns the project's source files: programs, scripts and tests. */
function sourceFiles(folder = "."): string[] {
  return readdirSync(join(checkout, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return foreign.includes(entry.name) ? [] : sourceFiles(path);
    return entry.isFile() && /\.(ts|[cm]js|groovy|java|py|sh)$/.test(entry.name) ? [path] : [];
  });
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

  it("run the engine only in engine/: others import no more than types of the Automation API", () => {
    const values = /(?:import|export) (?!type )[^;]*"@pulumi\/pulumi\/automation|\bautomation\.\w/;
    const wrong = sources.filter(
      (file) =>
        roomOf(file) !== "engine" && values.test(readFileSync(join(checkout, file), "utf8")),
    );
    assert.deepEqual(wrong, []);
  });

  it("have no two files with one import path", () => {
    const twice = sources.filter((file) => sources.includes(file.replace(/\.ts$/, "/index.ts")));
    assert.deepEqual(twice, []);
  });

  it("have no files that import each other", () => {
    assert.deepEqual(circles(), []);
  });

  it(`have no source or test file of more than ${longest} lines`, () => {
    const files = sourceFiles();
    assert.ok(files.includes("index.ts") && files.includes("test/unit/rooms.test.ts"));
    const lines = (file: string) =>
      readFileSync(join(checkout, file), "utf8").split("\n").length - 1;
    const long = files.filter((file) => lines(file) > longest);
    assert.deepEqual(
      long.map(
        (file) =>
          `${file}: expected at most ${longest} lines, got ${lines(file)}; split it by subject`,
      ),
      [],
    );
  });
});
