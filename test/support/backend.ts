import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Where a test's stacks have their state. */
export interface Backend {
  /** Variables by which the engine reaches it. */
  environment: Record<string, string>;
  /** Names of the locks that a stack of the project has. */
  locks(stack: string): Promise<string[]>;
}

/** Folder, below a backend's own, of the locks of a stack. */
export function lockFolder(stack: string): string {
  return `.pulumi/locks/organization/platform/${stack}`;
}

/** State in a folder of this machine. */
export function folderBackend(folder: string): Backend {
  mkdirSync(folder, { recursive: true });
  return {
    // As the embedded default has it: without files that a kill may cut off.
    environment: { PULUMI_BACKEND_URL: `file://${folder}?metadata=skip` },
    locks: (stack) => {
      const locks = join(folder, lockFolder(stack));
      return Promise.resolve(existsSync(locks) ? readdirSync(locks) : []);
    },
  };
}
