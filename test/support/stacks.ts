import type { Recording } from "../../render/record";
import { recordStack } from "../../render/stack";
import { stacks } from "../../config/stack-file";

/** Every stack that the project has a file for. */
export const stackNames = stacks();

const recordings = new Map<string, Promise<Recording>>();

/** What the whole program declares for a stack; run once, then remembered. */
export function stackRecording(stack: string): Promise<Recording> {
  const known = recordings.get(stack);
  if (known !== undefined) return known;
  const made = recordStack(stack);
  recordings.set(stack, made);
  return made;
}
