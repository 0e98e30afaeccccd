import { PropertyMap, PropertyValue } from "../shared/values";

/** The options of `runtime.options` in Pulumi.yaml, with the same meaning as for the official host. */
export interface RuntimeOptions {
  /** Whether the SDK compiles TypeScript itself, with ts-node. Default: true. */
  typescript: boolean;
  /** Arguments for node, before the program. Default: none. */
  nodeargs: string[];
  /** The tsconfig.json to compile with. Default: the one in the program's directory. */
  tsconfig?: string;
  /** Package manager for dependencies. Default: npm. */
  packagemanager: "npm";
}

/**
 * Reads the options of Pulumi.yaml.
 * @throws Error that names an option of the wrong type.
 */
export function readOptions(options: PropertyMap): RuntimeOptions {
  const manager = text(options, "packagemanager") ?? "auto";
  if (manager !== "auto" && manager !== "npm") {
    throw new Error(
      `Pulumi.yaml: runtime.options.packagemanager: expected npm, the only one that this language host supports, got "${manager}". ` +
        "Remove the option, or install the official pulumi-language-nodejs.",
    );
  }
  return {
    typescript: flag(options, "typescript") ?? true,
    nodeargs: splitArguments(text(options, "nodeargs") ?? ""),
    tsconfig: text(options, "tsconfig"),
    packagemanager: "npm",
  };
}

/** Splits a command line at spaces, like a shell: quotes preserve spaces, a backslash escapes one character. */
export function splitArguments(line: string): string[] {
  const pattern = /\s*((?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+)|\s*(\S)|\s+$/gsy;
  const args: string[] = [];
  for (const [, word, stray] of line.matchAll(pattern)) {
    if (stray !== undefined) {
      throw new Error(
        `Pulumi.yaml: runtime.options.nodeargs: expected closed quotes and no backslash at the end, got ${line}`,
      );
    }
    if (word !== undefined) args.push(unquote(word));
  }
  return args;
}

function unquote(word: string): string {
  return word.replace(
    /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
    (_, escaped?: string, double?: string, single?: string) =>
      escaped ?? single ?? (double ?? "").replace(/\\(["\\$`])/g, "$1"),
  );
}

function text(options: PropertyMap, name: string): string | undefined {
  const value = options[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw wrongType(name, value, "a string");
}

function flag(options: PropertyMap, name: string): boolean | undefined {
  const value = options[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "boolean") return value;
  throw wrongType(name, value, "true or false");
}

function wrongType(name: string, value: PropertyValue, expected: string): Error {
  return new Error(
    `Pulumi.yaml: runtime.options.${name}: expected ${expected}, got ${JSON.stringify(value)}.`,
  );
}
