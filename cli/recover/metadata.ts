import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stateFolder } from "../../engine/backend";
import { jsonOr } from "../../engine/json";

/**
 * Deletes metadata files that a kill truncated. In a folder backend, the engine keeps a metadata file
 * (`<stack>.json.attrs`: a checksum, a type) next to each state, and writes it in place. If it is truncated,
 * the engine refuses the state, although the state is complete, with "failed to load checkpoint: EOF".
 * @param backend address of the backend; other backends have no such files.
 * @returns the deleted files.
 */
export function deleteTruncatedMetadata(stack: string, backend?: string): string[] {
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
