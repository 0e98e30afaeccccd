import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stateFolder } from "../../engine/backend";
import { jsonOr } from "../../engine/json";

/**
 * Takes away what a kill left of a file that it interrupted: in a folder, the engine keeps a file of metadata
 * (`<stack>.json.attrs`: a checksum, a type) beside each state, and writes it in place. One that ends
 * too soon makes the engine refuse the state, which is whole, with "failed to load checkpoint: EOF".
 * @param backend address of the backend; states elsewhere have no such files.
 * @returns the files that are gone.
 */
export function mendMetadata(stack: string, backend?: string): string[] {
  const folder = stateFolder(backend);
  const stacks = folder === undefined ? "" : join(folder, ".pulumi", "stacks", "platform");
  if (!existsSync(stacks)) return [];
  const broken = readdirSync(stacks)
    .filter((file) => file.startsWith(`${stack}.json`) && file.endsWith(".attrs"))
    .map((file) => join(stacks, file))
    .filter((file) => jsonOr(undefined, readFileSync(file, "utf8")) === undefined);
  for (const file of broken) rmSync(file);
  return broken;
}
