import type { DiffResponse } from "@pulumi/pulumi/proto/provider_pb";
import { toDiffResponse } from "../shared/provider";
import type { Comparison } from "./compare";

/**
 * Returns the response in the official plugin's format: whole paths for replacements, and no list of changed fields.
 */
export function toResponse({ changes, deleteFirst }: Comparison): DiffResponse {
  const replaced = changes.filter(({ replace }) => replace);
  // Only a field that the program no longer sets counts as a separate change.
  const isOwn = (path: string) => changes.some((it) => it.path === path && it.kind === "delete");
  const response = toDiffResponse(changes);
  for (const [path, diff] of response.getDetaileddiffMap().entries())
    diff.setInputdiff(isOwn(path));
  return response
    .setDiffsList([])
    .setReplacesList(replaced.map(({ path }) => path))
    .setDeletebeforereplace(deleteFirst && replaced.length > 0);
}
