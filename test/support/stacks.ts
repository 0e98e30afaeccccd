import type { Recording } from "../../render/record";
import { recordStack } from "../../render/stack";
import { stacks } from "../../config/stack-file";

/** Every stack with a file in the project. */
export const stackNames = stacks();

const recordings = new Map<string, Promise<Recording>>();

/** Returns what the whole program declares for a stack; it runs once per stack. */
export function stackRecording(stack: string): Promise<Recording> {
  const known = recordings.get(stack);
  if (known !== undefined) return known;
  const made = recordStack(stack);
  recordings.set(stack, made);
  return made;
}
