import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkout } from "../../../local/toolchain/paths";
import { graph, roomOf, rooms, sources } from "../../support/imports";

const page = "docs/architecture.md";

/** Returns a diagram in the format of the page. */
function diagram(arrows: ReadonlySet<string>): string {
  return ["```mermaid", "flowchart LR", ...[...arrows].sort(), "```"].join("\n");
}

/** Returns the diagram of the folders: an arrow from each to those that its files import. */
function picture(): string {
  const arrows = new Set(
    sources.flatMap((file) =>
      (graph.get(file) ?? [])
        .map((to) => [roomOf(file), roomOf(to)] as const)
        .filter(([from, to]) => from !== to)
        .map(([from, to]) => `  ${from} --> ${to}`),
    ),
  );
  for (const to of graph.get("index.ts") ?? []) arrows.add(`  index.ts --> ${roomOf(to)}`);
  return diagram(arrows);
}

/**
 * Returns the diagram of the parts: an arrow from each to those that get a value of it, or wait for it, in `index.ts`.
 */
function flow(): string {
  const program = readFileSync(join(checkout, "index.ts"), "utf8");
  const statements = program.slice(program.indexOf("=> {")).split(/;\n/);
  /** The parts from which the value of a variable comes. */
  const origins = new Map<string, Set<string>>();
  const arrows = new Set<string>();
  for (const statement of statements) {
    const [apps] = /declareApps.*/.exec(statement) ?? [];
    const [, names = "", value = apps ?? statement] = /const (.*?) =([^]*)/.exec(statement) ?? [];
    // Neither texts nor the names of members and keys.
    const words = value.replace(/"[^"]*"|(?<!\.)\.\w+|\w+:/g, "").match(/\w+/g) ?? [];
    const from = new Set(words.flatMap((word) => [...(origins.get(word) ?? [])]));
    const [, part = apps && "apps"] =
      /(?:new part\.\w+\("|part\.declare(?=Packages))(\w+)/.exec(value) ?? [];
    if (part !== undefined)
      for (const each of from) arrows.add(`  ${each} --> ${part.toLowerCase()}`);
    const made = part === undefined ? from : new Set([part]);
    for (const name of names.match(/\w+/g) ?? []) origins.set(name, made);
  }
  return diagram(arrows);
}

describe("the page about the architecture", () => {
  const text = readFileSync(join(checkout, page), "utf8");
  const diagrams = text.match(/```mermaid\n[^`]*```/g);

  it("has the diagram of what the parts pass on", () => {
    assert.equal(diagrams?.[0], flow());
  });

  it("has the diagram of the imports", () => {
    assert.equal(diagrams?.[1], picture());
  });

  it("describes each folder", () => {
    const tracked = execFileSync("git", ["ls-files", "--", "*/*"], {
      cwd: checkout,
      encoding: "utf8",
    });
    const folders = tracked.split("\n").flatMap((file) => /^([^./][^/]*)\//.exec(file)?.[1] ?? []);
    const missing = [...new Set([...Object.keys(rooms), ...folders])].filter(
      (folder) => !text.includes(`| \`${folder}/\``),
    );
    assert.deepEqual(missing, []);
  });
});

describe("the pages for people", () => {
  const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...markdown("docs")];
  for (const file of pages) {
    it(`name only existing files: ${file}`, () => {
      const text = readFileSync(join(checkout, file), "utf8");
      const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)(#[^)]*)?\)/g)].map(
        ([, path = ""]) => join(dirname(file), path),
      );
      const code = [...text.matchAll(/`((?:[a-z][\w-]*\/)+(?:[\w.-]*\w)?)`/g)].map(
        ([, path = ""]) => path,
      );
      // The result of the worked example for a new component, and a CronJob in namespace `ci`.
      const isExample = (path: string) => /\/broker\b|^ci\/backup-/.test(path);
      const isOurs = (path: string) => existsSync(join(checkout, path.split("/")[0] ?? ""));
      const isGone = (path: string) => /^(release|preview)\/$/.test(path);
      const missing = [
        ...links.filter((path) => !existsSync(join(checkout, path))),
        ...code.filter(
          (path) => isOurs(path) && !isExample(path) && !existsSync(join(checkout, path)),
        ),
        // One decision names former folders.
        ...(file === "docs/decisions/rooms.md" ? [] : code.filter(isGone)),
      ];
      assert.deepEqual(missing, []);
    });
  }
});

/** Returns the Markdown files of a folder and its subfolders. */
function markdown(folder: string): string[] {
  return readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join(folder, file));
}
