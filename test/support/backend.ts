import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Backend of a test's stacks. */
export interface Backend {
  /** Environment variables for the engine. */
  environment: Record<string, string>;
  /** Returns the names of a stack's locks. */
  locks(stack: string): Promise<string[]>;
}

/** Returns the folder of a stack's locks, relative to the backend. */
export function lockFolder(stack: string): string {
  return `.pulumi/locks/organization/platform/${stack}`;
}

/** A backend in a local folder. */
export function folderBackend(folder: string): Backend {
  mkdirSync(folder, { recursive: true });
  return {
    // Like the default of `npm run local`: without metadata files, which a kill may truncate.
    environment: { PULUMI_BACKEND_URL: `file://${folder}?metadata=skip` },
    locks: (stack) => {
      const locks = join(folder, lockFolder(stack));
      return Promise.resolve(existsSync(locks) ? readdirSync(locks) : []);
    },
  };
}
