import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { jsonOr } from "../../engine/json";
import { replaceFile } from "../../local/toolchain/replace-file";

const remembered = z.object({
  inputs: z.string(),
  lastUpdate: z.string(),
  /** What it declared then; unknown where it could not be rendered. */
  declared: z.record(z.string(), z.string()).optional(),
});

/** What is known of a stack's last successful run. */
export type Remembered = z.infer<typeof remembered>;

/** Keeps with which inputs each stack was last brought up to date, in a folder of small files. */
export class Memory {
  constructor(private readonly folder: string) {}

  /**
   * Whether a stack was brought up to date with these inputs, and was not updated since.
   * @param lastUpdate when the backend says that the stack was last updated.
   */
  matches(stack: string, inputs: string, lastUpdate: string | undefined): boolean {
    const known = this.read(stack);
    return known?.inputs === inputs && known.lastUpdate === lastUpdate;
  }

  /** Facts about a stack, valid until its next update. */
  of(stack: string, lastUpdate: string | undefined): Remembered | undefined {
    const known = this.read(stack);
    return known?.lastUpdate === lastUpdate ? known : undefined;
  }

  /** Notes a successful run. */
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
