import { rmSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { clusterStatus, stopCluster } from "../cluster";
import { binary } from "../toolchain/install";
import { checkout, launchers, localFolder } from "../toolchain/paths";
import { run } from "../toolchain/run";
import { localEnvironment } from "./environment";
import { main } from "./main";

const command = new Command("npx platform local down")
  .description("Destroys the dev stack, and removes the local cluster and its state.")
  .option("--fast", "removes the cluster without destroying the stack first");

/** Whether a stack exists; a cluster may have been started without one. */
async function exists(stack: string): Promise<boolean> {
  const text = await run(binary("pulumi"), ["stack", "ls", "--json"], {
    cwd: checkout,
    env: { ...process.env, ...localEnvironment() },
  });
  const stacks = JSON.parse(text) as { name: string }[];
  return stacks.some(({ name }) => name.split("/").at(-1) === stack);
}

/** `npx platform local down`: deletes everything except the cached tools. */
main(async () => {
  const { fast } = command.parse().opts<{ fast?: boolean }>();
  const runs = Object.values(clusterStatus()).some(Boolean);
  if (runs && fast !== true && (await exists("dev"))) {
    console.error("stack dev: destroying");
    await run(binary("pulumi"), ["destroy", "--yes", "--skip-preview", "--stack", "dev"], {
      cwd: checkout,
      env: { ...process.env, ...localEnvironment() },
    });
  }
  console.error("cluster: removing");
  await stopCluster();
  for (const folder of [join(localFolder, "state"), launchers]) {
    rmSync(folder, { recursive: true, force: true });
  }
});
