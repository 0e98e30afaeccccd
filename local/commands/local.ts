import { spawn } from "node:child_process";
import { Command } from "commander";
import { startCluster } from "../cluster";
import { whyNoMachines } from "../machines";
import { mostNodes } from "../machines/network";
import { prepareStack } from "../machines/stack";
import { binary } from "../toolchain/install";
import { checkout } from "../toolchain/paths";
import { run } from "../toolchain/run";
import { localEnvironment } from "./environment";
import { main } from "./main";
import { addresses, differences, waitUntilSettled } from "./machines";
import { setUp } from "./prepare";
import { describeStack, type AppFacts } from "./summary";
import { partRows, partTable } from "./table";

const stack = "dev";

const command = new Command("npx platform local up")
  .description("Brings the dev stack up on a local cluster.")
  .option(
    "--machines <count>",
    "real machines that run pods whose images are available: 0 to 3",
    "0",
  );

/** `npm run local`: sets up everything, from an empty machine to the dev stack on a local cluster. */
main(async () => {
  const count = machineCount(command.parse().opts<{ machines: string }>().machines);
  const reason = count === 0 ? "--machines is 0" : whyNoMachines();
  if (reason !== undefined) console.error(`every pod is simulated: ${reason}`);
  await setUp(reason === undefined ? "machines" : "local");
  const machines = reason === undefined ? await prepareStack(stack) : undefined;
  console.error("cluster: starting, or checking that it runs");
  const cluster = await startCluster(
    machines && {
      nodes: { count: 1 },
      machines: { count, images: machines.index, waiting: machines.waiting },
    },
  );
  const environment = { ...process.env, ...localEnvironment() };
  const options = { cwd: checkout, env: environment };
  await run(binary("pulumi"), ["stack", "select", "--create", stack], options);
  await runInteractively(
    binary("pulumi"),
    ["up", "--yes", "--skip-preview", "--suppress-outputs", "--stack", stack],
    options,
  );
  const text = await run(
    binary("pulumi"),
    ["stack", "output", "--json", "--stack", stack],
    options,
  );
  const { apps } = JSON.parse(text) as { apps: Record<string, AppFacts> };
  console.log(describeStack(stack, cluster.context, apps));
  if (machines !== undefined) {
    await waitUntilSettled(cluster);
    console.log(`\n${partTable(await partRows(cluster), addresses(apps))}`);
    console.log(`\n${differences(machines)}`);
  }
});

function machineCount(text: string): number {
  if (/^[0-3]$/.test(text)) return Number(text);
  throw new Error(`--machines: expected a number from 0 to ${mostNodes}, got ${text}`);
}

/** Runs an interactive command, which also receives Ctrl-C. */
function runInteractively(command: string, args: string[], options: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `pulumi up failed; see its output above. Fix the cause and run "npx platform local up" again: it continues where it stopped.`,
          ),
        );
    });
  });
}
