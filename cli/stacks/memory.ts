import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { jsonOr } from "../../engine/json";
import { replaceFile } from "../../local/toolchain/replace-file";

const remembered = z.object({
  inputs: z.string(),
  lastUpdate: z.string(),
  /** What it declared; undefined if it could not be rendered. */
  declared: z.record(z.string(), z.string()).optional(),
});

/** What is known about a stack's last successful run. */
export type Remembered = z.infer<typeof remembered>;

/** Stores the inputs with which each stack was last brought up to date, in a folder of small files. */
export class Memory {
  constructor(private readonly folder: string) {}

  /**
   * Whether a stack was brought up to date with these inputs, and has not been updated since.
   * @param lastUpdate time of the stack's last update according to the backend.
   */
  matches(stack: string, inputs: string, lastUpdate: string | undefined): boolean {
    const known = this.read(stack);
    return known?.inputs === inputs && known.lastUpdate === lastUpdate;
  }

  /** Returns facts about a stack, which are valid until its next update. */
  of(stack: string, lastUpdate: string | undefined): Remembered | undefined {
    const known = this.read(stack);
    return known?.lastUpdate === lastUpdate ? known : undefined;
  }

  /** Stores a successful run. */
  write(stack: string, known: Remembered): void {
    mkdirSync(this.folder, { recursive: true });
    replaceFile(this.file(stack), `${JSON.stringify(known)}\n`);
  }

  private read(stack: string): Remembered | undefined {
    const file = this.file(stack);
    if (!existsSync(file)) return undefined;
    const parsed = remembered.safeParse(jsonOr(undefined, readFileSync(file, "utf8")));
    // A damaged file only costs a run that was not needed.
    return parsed.success ? parsed.data : undefined;
  }

  private file(stack: string): string {
    return join(this.folder, `${stack}.json`);
  }
}
