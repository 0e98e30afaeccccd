import { join } from "node:path";
import { parseStack } from "../../config";
import { encryptedPlaceholder } from "../../config/secret-text";
import { stackFileConfig } from "../../config/stack-file";
import { isMap } from "../../config/is-map";

/** Path of the page, relative to the project's folder. */
export const environmentsFile = join("docs", "environments.md");

/** Maximum length of a value in a cell, characters. */
const maxCellLength = 80;

/** Keys whose values change from day to day, so that the page would always be outdated: the releases. */
const volatileKeys =
  /^(freeze|teamFreezes|apps\.[^.]+\.(stable|canary|override|freeze|noRollbackBelow))(\.|$)/;

/** A setting that differs between stacks. */
export interface Difference {
  /** Keys of the path to it. */
  path: string[];
  /** Its value in each stack; undefined if it is not set and has no default. */
  values: unknown[];
}

/** Returns every setting in which some configs differ. A section that one of them lacks is one setting. */
export function differences(values: unknown[], path: string[] = []): Difference[] {
  if (values.every(isMap)) {
    const keys = new Set(values.flatMap((value) => Object.keys(value)));
    return [...keys].flatMap((key) =>
      differences(
        values.map((value) => (Object.hasOwn(value, key) ? value[key] : undefined)),
        [...path, key],
      ),
    );
  }
  const texts = new Set(values.map((value) => JSON.stringify(value)));
  return texts.size > 1 ? [{ path, values }] : [];
}

/** Returns the page about the differences between stacks, in Markdown. Defaults are included. */
export function environmentsPage(
  names: string[],
  config: (stack: string) => Record<string, unknown>,
): string {
  const groups = new Map<string, string[][]>();
  for (const { path, values } of differences(names.map(config))) {
    if (volatileKeys.test(path.join("."))) continue;
    const [group, rest] = grouped(path);
    const rows = groups.get(group) ?? [];
    rows.push([code(rest.join(".") || "(all of it)"), ...values.map(cell)]);
    groups.set(group, rows);
  }
  const sections = [...groups].map(
    ([group, rows]) => `## ${group}\n\n${table([["Setting", ...names], ...rows])}`,
  );
  return [
    "# What differs between the stacks",
    [
      "`npx platform config environments` generates this page from the stacks' config files; a test fails if it is outdated.",
      "Settings that are not listed are the same in all stacks. Defaults are included, durations are in seconds, and",
      "— marks a setting that the stack does not have. The page does not show which releases run; see",
      "`npx platform release status <app> --stack <stack>`.",
    ].join("\n"),
    ...sections,
  ]
    .map((part) => `${part}\n`)
    .join("\n");
}

/** Returns a stack's config from its file, with defaults. */
export function fullConfig(stack: string): Record<string, unknown> {
  const values = Object.entries(stackFileConfig(stack)).map(([key, value]) => [
    key.replace(/^platform:/, ""),
    value,
  ]);
  return { ...parseStack(stack, Object.fromEntries(values) as Record<string, unknown>) };
}

/** Returns the heading of a setting, and the rest of its path. */
function grouped([first = "", second, ...rest]: string[]): [group: string, rest: string[]] {
  const own = second === undefined ? [first] : [first, second, ...rest];
  if (second === undefined || (first !== "components" && first !== "apps")) return ["Stack", own];
  return [first === "apps" ? `App ${second}` : `Part ${second}`, rest];
}

function cell(value: unknown): string {
  if (value === undefined) return "—";
  if (value === encryptedPlaceholder) return "a secret";
  const text = typeof value === "string" && !value.includes("\n") ? value : JSON.stringify(value);
  if (text.length <= maxCellLength) return code(text);
  if (isMap(value)) return `with ${Object.keys(value).map(code).join(", ")}`;
  return code(`${text.slice(0, maxCellLength)}…`);
}

/** Returns text as code for a table cell: a bar would end the cell, a backtick the code. */
function code(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  return `${fence}${text.replaceAll("|", "\\|")}${fence}`;
}

/** Returns a table as the formatter writes it: all cells of a column have the same width. */
function table([head = [], ...rows]: string[][]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [head, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("\n");
}
