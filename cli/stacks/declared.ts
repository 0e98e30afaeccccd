import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { configIn, readYaml } from "../../config/yaml";
import { canonical } from "../../releases/template";
import type { Registration, World } from "../../render/record";
import { platformStackOf, type StackEntry } from "./discover";

/** A hash of the inputs of each resource, by the resource's URN. */
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
  // It loads the whole program, which most commands over stacks have no use for.
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
    const { registrations } = await renderer.recordConfig(entry.name, config, world);
    return declaredBy(registrations);
  } catch {
    // Not swallowed: a stack without this answer is run by the engine, which reports the error.
    return undefined;
  }
}

/** Returns a hash for each resource. Components are left out, because their resources are included. */
export function declaredBy(registrations: Registration[]): Declared {
  const entries = registrations
    .filter(({ custom }) => custom)
    .map(({ urn, inputs, ignoreChanges, replaceOnChanges }) => {
      const text = canonical({ inputs, ignoreChanges, replaceOnChanges });
      return [urn, createHash("sha256").update(text).digest("hex").slice(0, 16)] as const;
    });
  return Object.fromEntries(entries);
}

/** Returns what is new, changed or removed, as `Deployment shop-1-4-2`; empty if nothing is. */
export function declaredOtherwise(before: Declared, after: Declared): string[] {
  const urns = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return urns.filter((urn) => before[urn] !== after[urn]).map(titleOf);
}

/** `urn:pulumi:<stack>::<project>::<types>::<name>`. */
function titleOf(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split(":").at(-1) ?? ""} ${name}`;
}
