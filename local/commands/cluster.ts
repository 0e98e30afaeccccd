import { startCluster, stopCluster } from "../cluster";
import { ensureCrds } from "../toolchain/crds";
import { ensureTools } from "../toolchain/install";
import { runVerb } from "./main";
import { showStatus, statusExitCodes } from "./cluster-status";
import { VerbCommand } from "./verb-command";

interface Options {
  name?: string;
  keda?: boolean;
}

const program = new VerbCommand("npx platform local cluster").description(
  "Starts, shows or removes a local cluster.",
);

addCommand("start", "starts a cluster without stacks, or checks that it runs")
  .option("--keda", "includes a simulated KEDA, as npx platform local up does")
  .examples("npx platform local cluster start", [
    "npx platform local cluster start --name try --keda",
    "another one next to it",
  ])
  .action(start);

addCommand("status", "shows which parts of a cluster run")
  .option("--json", "prints JSON instead of a table")
  .examples(
    "npx platform local cluster status",
    "npx platform local cluster status --name try --json",
  )
  .exitCodes(statusExitCodes)
  .action(showStatus);

addCommand("stop", "stops a cluster, and removes it with its data")
  .examples("npx platform local cluster stop", "npx platform local cluster stop --name try")
  .action(({ name }: Options) => stopCluster(name));

runVerb(program);

function addCommand(name: string, description: string): VerbCommand {
  return program
    .command(name)
    .description(description)
    .option("--name <name>", "name of the cluster; default: PLATFORM_CLUSTER, or else platform");
}

async function start({ name, keda }: Options): Promise<void> {
  await ensureTools("local");
  await ensureCrds();
  const { kubeconfig, context } = await startCluster({ name, keda });
  console.log(`context ${context} of ${kubeconfig}`);
}
