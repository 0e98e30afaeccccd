import { Argument, Command } from "commander";
import { clusterStatus, startCluster, stopCluster } from "../cluster";
import { ensureCrds } from "../toolchain/crds";
import { ensureTools } from "../toolchain/install";
import { runVerb } from "./main";

const command = new Command("npx platform local cluster")
  .description("Starts, shows or removes a local cluster.")
  .addArgument(
    new Argument("<action>", "what to do; stop removes it").choices(["start", "status", "stop"]),
  )
  .option("--name <name>", "name of the cluster")
  .option("--keda", "includes a simulated KEDA, as npx platform local up does");

runVerb(command.action(run));

async function run(
  action: string,
  { name, keda }: { name?: string; keda?: boolean },
): Promise<void> {
  switch (action) {
    case "start": {
      await ensureTools("local");
      await ensureCrds();
      const { kubeconfig, context } = await startCluster({ name, keda });
      console.log(`context ${context} of ${kubeconfig}`);
      break;
    }
    case "status":
      for (const [part, runs] of Object.entries(clusterStatus(name))) {
        console.log(`${part.padEnd(24)} ${runs ? "running" : "not running"}`);
      }
      break;
    default:
      await stopCluster(name);
  }
}
