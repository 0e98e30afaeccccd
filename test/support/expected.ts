import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import program from "../../index";
import { record, type Registration } from "../../render/record";
import { stackFileConfig } from "../../config/stack-file";
import { stackNames } from "./stacks";

/** File that holds what a stack is expected to declare. */
export function expectedFile(stack: string): string {
  return join(__dirname, "..", "expected", `${stack}.json`);
}

/** Everything that a stack declares, as sorted JSON, whatever releases its apps have just now. */
export async function declaredAs(stack: string): Promise<string> {
  const config = withFixedReleases(stackFileConfig(stack));
  const { registrations } = await record(program, stack, config);
  const entries = registrations
    .map(({ type, name, inputs }) => ({ type, name, inputs: shortened(type, inputs) }))
    .sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
  return `${JSON.stringify(entries, sortedKeys, 2)}\n`;
}

/** Every app with one stable release and a canary: a release must not make the files out of date. */
export function withFixedReleases(config: Record<string, unknown>): Record<string, unknown> {
  const apps = (config["platform:apps"] ?? {}) as Record<string, Record<string, unknown>>;
  const fixed = Object.entries(apps).map(([name, app]) => {
    const settled = Object.fromEntries(Object.entries(app).filter(([key]) => !asked.includes(key)));
    const canary = "ingress" in app ? {} : { canary: { version: "1.1.0", weight: 10 } };
    return [name, { ...settled, stable: { version: "1.0.0" }, ...canary }];
  });
  return { ...config, "platform:apps": Object.fromEntries(fixed) as object };
}

/** What of an app's config a release changes. */
const asked = ["stable", "canary", "override", "freeze", "noRollbackBelow"];

/** What the file says now. */
export function expected(stack: string): string {
  return readFileSync(expectedFile(stack), "utf8");
}

/** Definitions come from a pinned file of others; their text is not this project's. */
function shortened(type: Registration["type"], inputs: Registration["inputs"]): object {
  return type.endsWith(":CustomResourceDefinition") ? { ...inputs, spec: "…" } : inputs;
}

function sortedKeys(_key: string, value: unknown): unknown {
  // A key worked out of a stand-in for a random seed is nobody's, yet looks like one that leaked.
  if (typeof value === "string" && value.startsWith("-----BEGIN")) return "…";
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function writeAll(): Promise<void> {
  // One after the other: a run of the program uses the SDK's one global state.
  for (const stack of stackNames) writeFileSync(expectedFile(stack), await declaredAs(stack));
}

if (require.main === module) void writeAll();
