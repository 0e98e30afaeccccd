import { RunError } from "@pulumi/pulumi";

/**
 * An error that a person can act on: its message contains everything.
 *
 * It has no stack trace. The SDK hides the stack trace of such errors, but formats it first. For a path such as
 * `node_modules/@pulumi/resource.ts`, this takes seconds and a gigabyte of memory on Node.js 20, because it
 * searches endlessly for another separator.
 */
export class ProgramError extends RunError {
  constructor(message: string) {
    super(message);
    this.stack = message;
  }
}
