import { join } from "node:path";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { checkout } from "../../local/toolchain/paths";

type Config = Record<string, unknown>;

/**
 * The prod stack's config as it is in git, but for what needs more than a control plane and
 * simulated nodes:
 * - `cluster` names the simulated cluster;
 * - `images.build` is off: it needs a Docker daemon and the sources of the base images.
 */
export function prodConfig(): Config {
  const text = readFileSync(join(checkout, "Pulumi.prod.yaml"), "utf8");
  const { config } = parse(text) as { config: Config };
  const parts = config["platform:components"] as Record<string, object>;
  const { "platform:cluster": _cluster, ...rest } = config;
  return {
    ...rest,
    "platform:components": { ...parts, images: { ...parts["images"], build: false } },
  };
}
