import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { declare } from "../cli/stacks/declared";
import { discover } from "../cli/stacks/discover";
import { recordConfig } from "../render/stack";
import { appName, appOf, appStackConfig, platformConfig } from "./config";

/**
 * `bench/declare-stacks.ts <n>`: declares a number of app stacks, as `stacks --changed` does after a change of the
 * program.
 */
async function main(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "declare-"));
  try {
    const cluster = { "platform:cluster": { kubeconfig: "none", context: "none" } };
    const { outputs } = await recordConfig("platform", { ...cluster, ...platformConfig() }, {});
    for (let index = 0; index < count; index++) {
      const app = appStackConfig({ [appName(index)]: appOf(index) }, "platform");
      const text = stringify({ config: { ...cluster, ...app } }, { compat: "yaml-1.1" });
      writeFileSync(join(folder, `Pulumi.stack-${index}.yaml`), text);
    }
    for (const entry of discover(folder)) {
      const declared = await declare(entry, { outputs: {}, platform: outputs["platform"] });
      if (declared === undefined) throw new Error(`${entry.name} cannot be declared`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main(Number(process.argv[2]));
