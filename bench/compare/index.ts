import { join } from "node:path";
import { comparedDefinitions } from "../../local/toolchain/comparison-tools";
import { ensureBinary } from "../../local/toolchain/install";
import { checkout, typescriptLoader } from "../../local/toolchain/paths";
import { runAlone } from "./alone";
import { ensureDefinitions } from "./definitions";

/** Binaries besides those of every benchmark. */
const binaries = [
  ...["traefik", "metrics-server", "prometheus", "kube-state-metrics"],
  ...["rollouts-controller", "flagger"],
];

/**
 * Compares releases with those of other systems, in a network namespace of its own.
 * @throws Error if one of them failed, or if another comparison runs.
 */
export async function runComparison(): Promise<void> {
  for (const name of binaries) await ensureBinary(name);
  for (const definitions of Object.values(comparedDefinitions))
    await ensureDefinitions(definitions);
  const inside = [process.execPath, "--require", typescriptLoader, join(__dirname, "inside.ts")];
  const line = [join(checkout, "test/e2e/support/namespace.sh"), ...inside];
  const code = await runAlone(__dirname, line, checkout);
  if (code !== 0) throw new Error(`the comparison ended with ${code}; its output is above`);
}
