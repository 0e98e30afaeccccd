import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { StackState } from "./stack-state";

/** Backend of a test's stacks. */
export interface Backend {
  /** Environment variables for the engine. */
  environment: Record<string, string>;
  /** Returns the names of a stack's locks. */
  locks(stack: string): Promise<string[]>;
  /**
   * Reads a stack's state without the engine, which takes a fifth of a second of CPU time to start. Default: the engine
   * reads it.
   * @returns the state; undefined if it cannot be read, which the engine can explain.
   */
  state?(stack: string): StackState | undefined;
  /**
   * Creates a stack without the engine, which takes a quarter of a second of CPU time to derive a key. Default: the
   * engine creates it.
   * @returns the salt of its key, for the stack's file.
   */
  create?(stack: string): string;
}

/** What `pulumi stack init` wrote for {@link knownPassphrase}. A test's stacks have no secrets of their own. */
const salt = "v1:lXnbBxvI8wI=:v1:PQ/79Y/XLpOMACI1:PDBpfd7X4No83m1Ys3Zl3KyfP3iuPA==";

/** Passphrase of a test's stacks whose key is not derived again. */
export const knownPassphrase = "local";

/** Returns the folder of a stack's locks, relative to the backend. */
export function lockFolder(stack: string): string {
  return `.pulumi/locks/organization/platform/${stack}`;
}

/** A backend in a local folder. */
export function folderBackend(folder: string): Required<Backend> {
  mkdirSync(folder, { recursive: true });
  return {
    // Like the default of `npm run local`: without metadata files, which a kill may truncate.
    environment: { PULUMI_BACKEND_URL: `file://${folder}?metadata=skip` },
    locks: (stack) => {
      const locks = join(folder, lockFolder(stack));
      return Promise.resolve(existsSync(locks) ? readdirSync(locks) : []);
    },
    state: (stack) => stateIn(stateFile(folder, stack)),
    create: (stack) => {
      const file = stateFile(folder, stack);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(join(folder, ".pulumi/meta.yaml"), "version: 1\n");
      const latest = {
        // Without a version, its hash is empty as well.
        manifest: { time: new Date().toISOString(), magic: "", version: "" },
        secrets_providers: { type: "passphrase", state: { salt } },
        metadata: {},
      };
      const checkpoint = { stack: `organization/platform/${stack}`, latest };
      writeFileSync(file, JSON.stringify({ version: 3, checkpoint }));
      return salt;
    },
  };
}

function stateFile(folder: string, stack: string): string {
  return join(folder, ".pulumi/stacks/platform", `${stack}.json`);
}

function stateIn(file: string): StackState | undefined {
  // The engine reads the metadata as well, which a kill may have truncated.
  if (existsSync(`${file}.attrs`)) return undefined;
  try {
    const { version, checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
      version: number;
      checkpoint: { latest: StackState["deployment"] };
    };
    return { version, deployment: checkpoint.latest };
  } catch {
    return undefined;
  }
}
