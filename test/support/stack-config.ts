import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import type { Cluster } from "../../local/cluster";

/** Returns the content of a stack's file: its config, and how its secrets are encrypted. */
export function readStackFile(path: string): Record<string, unknown> {
  if (!existsSync(path)) return {};
  return parse(readFileSync(path, "utf8")) as Record<string, unknown>;
}

/** Replaces the config in a stack's file, with the cluster's address if the config has none. */
export function writeStackFile(
  path: string,
  { kubeconfig, context }: Cluster,
  config: Record<string, unknown>,
): void {
  const all = {
    ...readStackFile(path),
    config: { "platform:cluster": { kubeconfig, context }, ...config },
  };
  writeFileSync(path, stringify(all, { compat: "yaml-1.1" }));
}
