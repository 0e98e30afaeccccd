import { Command } from "commander";
import { startCluster } from "../cluster";
import { whyNoMachines } from "../machines";
import { mostNodes } from "../machines/network";
import { prepareStack } from "../machines/stack";
import { main } from "./main";
import { addresses, differences, waitUntilSettled } from "./machines";
import { setUp } from "./prepare";
import { bringUp, devStack, grayStack } from "./stacks";
import { describeStack, type AppFacts } from "./summary";
import { partRows, partTable } from "./table";

const command = new Command("npx platform local up")
  .description("Brings the dev stack up on a local cluster.")
  .option(
    "--machines <count>",
    "real machines that run pods whose images are available: 0 to 3",
    "0",
  )
  .option(
    "--gray",
    "then stacks/examples/gray.yaml, an environment that takes what the dev stack has tried",
  );

/** `npm run local`: sets up everything, from an empty machine to the dev stack on a local cluster. */
main(async () => {
  const { machines: wanted, gray } = command.parse().opts<{ machines: string; gray?: boolean }>();
  const count = machineCount(wanted);
  const reason = count === 0 ? "--machines is 0" : whyNoMachines();
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
});

function machineCount(text: string): number {
  if (/^[0-3]$/.test(text)) return Number(text);
  throw new Error(`--machines: expected a number from 0 to ${mostNodes}, got ${text}`);
}
