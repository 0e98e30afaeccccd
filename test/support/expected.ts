import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Registration } from "../../render/record";
import { stackNames, stackRecording } from "./stacks";

/** File that holds what a stack is expected to declare. */
export function expectedFile(stack: string): string {
  return join(__dirname, "..", "expected", `${stack}.json`);
}

/** Everything that a stack declares, as sorted JSON. */
export async function declaredAs(stack: string): Promise<string> {
  const { registrations } = await stackRecording(stack);
  const entries = registrations
    .map(({ type, name, inputs }) => ({ type, name, inputs: shortened(type, inputs) }))
    .sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
  return `${JSON.stringify(entries, sortedKeys, 2)}\n`;
}

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
