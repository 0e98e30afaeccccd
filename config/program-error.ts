import { RunError } from "@pulumi/pulumi";

/**
 * An error that a person can act upon: its message is all there is to say.
 *
 * It has no stack. The SDK hides the stack of such errors, yet formats it first, and Node.js 20 takes
 * seconds and a gigabyte over a path such as `node_modules/@pulumi/resource.ts`, in which it looks
 * for one more separator for ever.
 */
export class ProgramError extends RunError {
  constructor(message: string) {
    super(message);
    this.stack = message;
  }
}
