import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { checkout } from "../../local/toolchain/paths";

/** Returns the parts of the dev stack, by name. */
export function devComponents(): Record<string, object> {
  return devConfig()["platform:components"] as Record<string, object>;
}

/** Returns an app of the dev stack. */
export function devApp(name: string): object {
  return (devConfig()["platform:apps"] as Record<string, object>)[name] ?? {};
}

/** Returns the dev stack's config without its cluster. */
export function devConfig(): Record<string, unknown> {
  const text = readFileSync(join(checkout, "Pulumi.dev.yaml"), "utf8");
  const { config } = parse(text) as { config: Record<string, unknown> };
  delete config["platform:cluster"];
  return config;
}
