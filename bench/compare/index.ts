import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { comparedDefinitions } from "../../local/toolchain/comparison-tools";
import { ensureBinary } from "../../local/toolchain/install";
import { checkout, typescriptLoader } from "../../local/toolchain/paths";
import { ensureDefinitions } from "./definitions";

/** Binaries besides those of every benchmark. */
const binaries = [
  ...["traefik", "metrics-server", "prometheus", "kube-state-metrics"],
  ...["rollouts-controller", "flagger"],
];

/**
 * Compares releases with those of other systems, in a network namespace of its own.
 * @throws Error if one of them failed.
 */
export async function runComparison(): Promise<void> {
  for (const name of binaries) await ensureBinary(name);
  for (const definitions of Object.values(comparedDefinitions))
    await ensureDefinitions(definitions);
  const child = spawn(
    join(checkout, "test/e2e/support/namespace.sh"),
    [process.execPath, "--require", typescriptLoader, join(__dirname, "inside.ts")],
    { cwd: checkout, stdio: "inherit" },
  );
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`the comparison ended with ${code}; its output is above`);
}
