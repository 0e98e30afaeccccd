import { lookup, parseStack, ProgramError } from "../../config";
import { isMap } from "../../config/is-map";
import type { Engine } from "../../engine/runs";
import { decide } from "../../program/decision";
import { resolveStack } from "../../program/platform-stack";
import { outputsOnce, proofsOf, type ReadOutputs } from "../../program/proofs";
import { placedRecords } from "../../program/records";
import { reliedCheck, repeatChecks, type RepeatedCheck } from "../release/repeat";
import { StackFile } from "../release/stack-file";
import { platformStackOf, type StackEntry } from "./discover";
import type { Facts } from "./declared";

/** Repeats the checks of canaries that the next update of a stack relies on. */
export type RepeatChecksOf = (
  entry: StackEntry,
  facts: Facts,
  engine: Pick<Engine, "outputs">,
) => Promise<RepeatedCheck[]>;

/**
 * Repeats the checks as `npx platform preview` does, from the record alone, without the cluster. Returns none if the
 * stack cannot be read or its update is refused: the engine then runs the program, which reports the reason.
 */
export const repeatChecksOf: RepeatChecksOf = async (entry, { outputs, platform }, engine) => {
  // Only canaries have checks, so most stacks need not be parsed.
  if (!hasCanary(outputs)) return [];
  const now = new Date();
  const read = outputsOnce(async (stack) => {
    if (stack === platformStackOf(entry)) return { platform };
    return (await engine.outputs(stack)) ?? Promise.reject(new Error("they cannot be read"));
  });
  try {
    return await repeatChecks(await findReliedChecks(entry, outputs, now, read), read);
  } catch (error) {
    if (error instanceof ProgramError) return [];
    throw error;
  }
};

function hasCanary({ releases = {} }: Facts["outputs"]): boolean {
  return Object.values(releases as object).some((record) => isMap(record) && "canary" in record);
}

async function findReliedChecks(
  { name: stackName, file: path }: StackEntry,
  outputs: Facts["outputs"],
  now: Date,
  read: ReadOutputs,
) {
  const file = new StackFile(stackName, ".", path);
  const config = parseStack(stackName, file.values(), file.appFiles());
  const stack = await resolveStack(config, read);
  const { releases = {}, apps } = outputs as {
    releases?: Record<string, unknown>;
    apps?: Record<string, { namespace?: string }>;
  };
  const records = placedRecords(releases, apps);
  const proofs = await proofsOf(stack, records, read);
  return Object.entries(stack.apps).flatMap(([name, app]) => {
    const recorded = lookup(records, name);
    const known = { name, app, stackName, stack, recorded, proofs: lookup(proofs, name), now };
    return reliedCheck({ ...decide(known), name, app, now }) ?? [];
  });
}
