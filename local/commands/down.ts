import { rmSync } from "node:fs";
import { join } from "node:path";
import { clusterAt, clusterStatus, stopCluster } from "../cluster";
import { shareWithNodes } from "../machines/control-plane";
import { launchers, localFolder } from "../toolchain/paths";
import { runVerb } from "./main";
import { VerbCommand } from "./verb-command";
import { destroy, devStack, exists, grayStack } from "./stacks";

const command = new VerbCommand("npx platform local down")
  .description("Destroys the stacks of the local cluster, and removes the cluster and its state.")
  .option("--fast", "removes the cluster without destroying the stacks first")
  .examples("npx platform local down", [
    "npx platform local down --fast",
    "also if an update of a stack cannot end",
  ]);

runVerb(command.action(down));

/** `npx platform local down`: deletes everything except the cached tools. */
async function down({ fast }: { fast?: boolean }): Promise<void> {
  const runs = Object.values(clusterStatus()).some(Boolean);
  if (runs) shareWithNodes(clusterAt());
  for (const stack of runs && fast !== true ? [grayStack, devStack] : []) {
    if (!(await exists(stack))) continue;
    console.error(`stack ${stack.name}: destroying`);
    await destroy(stack);
  }
  console.error("cluster: removing");
  await stopCluster();
  for (const folder of [join(localFolder, "state"), join(localFolder, "examples"), launchers]) {
    rmSync(folder, { recursive: true, force: true });
  }
}
