import { clusterAt, startCluster } from "../cluster";
import { prepareStack } from "../machines/stack";
import { machineCount } from "./machine-count";
import { runVerb } from "./main";
import { VerbCommand } from "./verb-command";
import { addresses, differences, waitUntilSettled } from "./machines";
import { setUp } from "./prepare";
import { bringUp, devStack, grayStack } from "./stacks";
import { describeStack, type AppFacts } from "./summary";
import { partRows, partTable } from "./table";

const command = new VerbCommand("npx platform local up")
  .description("Brings the dev stack up on a local cluster.")
  .option(
    "--machines <count>",
    "real nodes that run pods whose images are available: 0 to 3; the others are simulated " +
      "(default: as many as the cluster has; for a new one, 1 if this computer can have real nodes, else 0)",
  )
  .option(
    "--gray",
    "then stacks/examples/gray.yaml, an environment that takes what the dev stack has tried",
  )
  .examples(
    "npx platform local up",
    ["npx platform local up --machines 0", "every pod is simulated"],
    ["npx platform local up --gray", "two environments"],
  );

runVerb(command.action(up));

/** `npm run local`: sets up everything, from an empty machine to the dev stack on a local cluster. */
async function up(options: { machines?: string; gray?: boolean }): Promise<void> {
  const { machines: wanted, gray } = options;
  const { count, reason } = await machineCount(clusterAt(), wanted);
  if (reason !== undefined) console.error(`every pod is simulated: ${reason}`);
  await setUp(reason === undefined ? "machines" : "local");
  const machines = reason === undefined ? await prepareStack(devStack.name) : undefined;
  console.error("cluster: starting, or checking that it runs");
  const cluster = await startCluster({
    keda: true,
    ...(machines && {
      nodes: { count: 1 },
      machines: { count, images: machines.index, waiting: machines.waiting },
    }),
  });
  const { apps } = (await bringUp(devStack)) as { apps: Record<string, AppFacts> };
  console.log(describeStack(devStack.name, cluster.context, apps));
  if (machines !== undefined) {
    await waitUntilSettled(cluster, machines.standIns);
    console.log(`\n${partTable(await partRows(cluster, machines.standIns), addresses(apps))}`);
    console.log(`\n${differences(machines)}`);
  }
  if (gray === true) {
    const { apps: others } = (await bringUp(grayStack)) as { apps: Record<string, AppFacts> };
    console.log(describeStack(grayStack.name, cluster.context, others, grayStack.configFile));
  }
}
