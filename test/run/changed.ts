import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { checkout } from "../../local/toolchain/paths";
import { graph } from "../support/imports";

/** Changes of these concern every test: packages, compiler settings, and how TypeScript is loaded. */
const everything = /^(package(-lock)?\.json|tsconfig.*\.json|\.mocharc\.json|bin\/|test\/run\/)/;

/** Files that run others in processes of their own, as commands or as the engine's program and plugins. */
const starts: Record<string, string[]> = {
  "test/support/project.ts": ["index.ts", "cli/index.ts", "local/plugins"],
  "test/support/linked-project.ts": ["index.ts", "cli/index.ts", "local/plugins"],
};

/**
 * Tests and their helpers that read whole folders, which they do not name with a path, and what they read of them. A test
 * that walks through folders belongs here.
 */
const walks: [file: string, read: RegExp][] = [
  ["test/unit/args-docs.test.ts", /^components\/.*\.ts$/],
  ["test/unit/exports.test.ts", /\.ts$/],
  ["test/unit/function-names.test.ts", /(?<!\.test)\.ts$/],
  ["test/unit/rooms.test.ts", /\.(ts|mjs|cjs|java|groovy)$|^\.ci\//],
  ["test/unit/words.test.ts", /\.(ts|mjs|sh|py|java|md)$|Dockerfile$/],
  ["test/unit/cli/config/reference.test.ts", /\.(md|yaml|json)$/],
  ["test/unit/cli/verbs.test.ts", /^(?!test\/expected\/)/],
  ["test/unit/cli/written-commands.test.ts", /\.(md|ts)$/],
  ["test/unit/components/monitoring/rules.test.ts", /^docs\/runbooks\//],
  ["test/unit/docs/architecture.test.ts", /\/|\.md$/],
  ["test/unit/docs/commands.test.ts", /\.md$/],
  ["test/unit/pipeline/required-modules.test.ts", /^(\.ci|\.github)\/|^\.gitlab|Jenkinsfile/],
  ["test/unit/pipeline/substitutions.test.ts", /^(\.ci|ci)\/|^\.gitlab|Jenkinsfile/],
];

/** The folder of runbooks is a default of the config, from which the URLs of alerts are made. */
const runbooks = "docs/runbooks";

/** Program and commands read no page of `docs/`: messages name pages for people. These write some. */
const writesPages = /^(test|bench|cli\/config)\//;

/** Result of {@link concernedBy}. */
export interface Concerned {
  /** The tests that the changes concern. */
  tests: string[];
  /** Changed files that no test reaches, like most pages of `docs/`. */
  unreached: string[];
}

/**
 * Returns the tests that reach a changed file. A test reaches what it imports, directly or not, and the files and
 * folders that a reached file names in a text (`"cli/render.ts"`, `join("docs", "state.md")`).
 * @param changed paths in the project.
 * @param tests all test files.
 */
export function concernedBy(changed: readonly string[], tests: readonly string[]): Concerned {
  if (changed.some((file) => everything.test(file))) return { tests: [...tests], unreached: [] };
  const reached = new Map(tests.map((test) => [test, reach(test)]));
  const touches = (test: string, file: string) => {
    const found = reached.get(test) ?? new Set();
    return (
      ancestors(file).some((path) => found.has(path)) ||
      walks.some(([walker, read]) => found.has(walker) && read.test(file))
    );
  };
  return {
    tests: tests.filter((test) => changed.some((file) => touches(test, file))),
    unreached: changed.filter((file) => !tests.some((test) => touches(test, file))),
  };
}

/** Returns the files that a file reaches, itself included, and folders that stand for all that they hold. */
export function reach(test: string): Set<string> {
  const found = new Set<string>();
  const left = [test];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    left.push(...(graph.get(next) ?? []), ...(starts[next] ?? []), ...named(next));
  }
  return found;
}

/** A text, or several with commas between them, as arguments of `join`. */
const texts = /"[^"\n]*"(?:,\s*"[^"\n]*")*/g;

/** A text with variables, such as `Pulumi.${stack}.yaml`. */
const templates = /`([^`\n]*\$\{[^`\n]*)`/g;

const namedBy = new Map<string, string[]>();

/** Returns the files and folders of the project that a TypeScript file names in texts. */
function named(file: string): string[] {
  // A text of a test may look like an import of a file that does not exist.
  if (!file.endsWith(".ts") || !existsSync(join(checkout, file))) return [];
  const known = namedBy.get(file);
  if (known !== undefined) return known;
  const source = readFileSync(join(checkout, file), "utf8").replace(/^import [^;]*;$/gm, "");
  const paths = [...source.matchAll(texts)].flatMap(([match]) => {
    const parts = [...match.matchAll(/"([^"]*)"/g)].map(([, part = ""]) => part);
    const joined = parts.length > 1 ? [posix.join(...parts)] : [];
    return [...parts, ...joined].map((path) => path.replace(/^\.\//, "").replace(/\/$/, ""));
  });
  const matched = [...source.matchAll(templates)].flatMap(([, text = ""]) => matches(text));
  // Helpers name files from their own folder, and components the scripts of Jobs from `components`.
  const bases = [".", posix.dirname(file), "components"];
  const resolved = paths.flatMap((path) =>
    bases.map((base) => posix.normalize(posix.join(base, path))),
  );
  const isRead = (path: string) =>
    path !== runbooks && (writesPages.test(file) || !path.startsWith("docs/"));
  const found = [...new Set([...resolved, ...matched])].filter(
    (path) => isNamed(path) && isRead(path),
  );
  namedBy.set(file, found);
  return found;
}

/** Returns the files and folders that a text with variables can name, each variable being a part of one name. */
function matches(text: string): string[] {
  const start = text.slice(0, text.indexOf("${"));
  const folder = start.includes("/") ? posix.dirname(`${start}x`) : ".";
  if (!/^\.?\w[\w./-]+$/.test(start) || !existsSync(join(checkout, folder))) return [];
  if (!statSync(join(checkout, folder)).isDirectory()) return [];
  const parts = text
    .split(/\$\{[^}]*\}/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`^${parts.join("[^/]*")}$`);
  const names = readdirSync(join(checkout, folder)).map((name) => posix.join(folder, name));
  return names.filter((name) => pattern.test(name) || text.startsWith(`${folder}/\${`));
}

/** A word like "config" or "test" names no folder; a path does, and so does a file's whole name. */
function isNamed(path: string): boolean {
  if (!/^[\w.-]+(\/[\w.-]+)*$/.test(path) || path.startsWith("..")) return false;
  if (path.startsWith("node_modules") || !existsSync(join(checkout, path))) return false;
  return path.includes("/") || statSync(join(checkout, path)).isFile();
}

/** Returns a path and the folders that it is in. */
function ancestors(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/")).reverse();
}
