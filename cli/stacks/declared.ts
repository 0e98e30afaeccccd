import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { configIn, readYaml } from "../../config/yaml";
import { canonical } from "../../releases/template";
import type { Registration, World } from "../../render/record";
import { platformStackOf, type StackEntry } from "./discover";

/**
 * Hashes of everything that the program declares for each resource, by its URN, and of what an update
 * records: a freeze, release rules and the result of a check change a record but no object.
 */
export type Declared = Record<string, string>;

/** What a stack reads when it declares its objects: its own last outputs, and those of its platform stack. */
export interface Facts {
  outputs: Record<string, unknown>;
  /** Output `platform` of the platform stack. */
  platform?: unknown;
}

/** Returns what a stack declares, or undefined if the program refuses; the engine then reports the reason. */
export type Declare = (entry: StackEntry, facts: Facts) => Promise<Declared | undefined>;

let last: Promise<unknown> = Promise.resolve();

/**
 * Returns what a stack declares, without an engine, in this process. One stack at a time, because the SDK
 * supports only one. The program is loaded when the first stack needs it.
 */
export const declare: Declare = (entry, facts) => {
  const next = last.then(() => one(entry, facts));
  last = next;
  return next;
};

async function one(entry: StackEntry, { outputs, platform }: Facts): Promise<Declared | undefined> {
  // Loaded here, because it loads the whole program, which most commands for stacks do not need.
  const renderer = createRequire(__filename)(
    "../../render/stack",
  ) as typeof import("../../render/stack");
  const named = platformStackOf(entry);
  const world: World = {
    lastOutputs: outputs,
    stackOutputs: named === undefined ? {} : { [named]: { platform } },
  };
  try {
    const config = configIn(entry.file, readYaml(entry.file).document);
    const recording = await renderer.recordConfig(entry.name, config, world);
    return { ...declaredBy(recording.registrations), ...recordedBy(recording.outputs) };
  } catch {
    // The error is not lost: the engine then runs the stack, and reports it.
    return undefined;
  }
}

/** Returns a hash for each resource. Components are left out, because their resources are included. */
export function declaredBy(registrations: Registration[]): Declared {
  const entries = registrations
    .filter(({ custom }) => custom)
    .map(({ urn, inputs, ignoreChanges, replaceOnChanges }) => {
      return [urn, hashOf({ inputs, ignoreChanges, replaceOnChanges })] as const;
    });
  return Object.fromEntries(entries);
}

/** A hash for the record of each app, and for each other output of a stack. */
export function recordedBy({ releases = {}, ...others }: Record<string, unknown>): Declared {
  const records = Object.entries(releases as object).map(
    ([app, record]) => [`record of ${app}`, hashOf(record)] as const,
  );
  const outputs = Object.entries(others).map(
    ([name, value]) => [`output ${name}`, hashOf(value)] as const,
  );
  return Object.fromEntries([...records, ...outputs]);
}

/** Whether an update would record the same about each app as the last one. */
export function recordsAlike(outputs: Record<string, unknown>, declared: Declared): boolean {
  const records = (all: Declared) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith("record of ")));
  return changedDeclarations(records(recordedBy(outputs)), records(declared)).length === 0;
}

function hashOf(value: unknown): string {
  // The outputs in the backend have no undefined fields.
  const text = canonical(JSON.parse(JSON.stringify(value ?? null)));
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/**
 * Returns what is new, changed or removed, for example `Deployment shop-1-4-2` or `record of shop`; an empty list
 * if nothing is.
 */
export function changedDeclarations(before: Declared, after: Declared): string[] {
  const urns = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return urns.filter((urn) => before[urn] !== after[urn]).map(titleOf);
}

/** Returns kind and name of `urn:pulumi:<stack>::<project>::<types>::<name>`, and every other key as it is. */
function titleOf(urn: string): string {
  if (!urn.startsWith("urn:")) return urn;
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split(":").at(-1) ?? ""} ${name}`;
}
