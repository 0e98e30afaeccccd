import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { exportState, importState, refresh, type Target } from "../../engine/pulumi";
import { ClusterReader } from "../../cluster/reader";
import { assertSameCluster, clusterOf, find } from "./cluster";
import { judged, textOf, type Judged } from "./judge";
import { mendMetadata } from "./metadata";
import { settled, type State } from "../../engine/state";

interface Options {
  configFile?: string;
  dryRun?: boolean;
}

/** States as they were before they were changed; git ignores the folder. No secret is readable in them. */
const folder = join(".local", "recover");

/** `npm run recover -- <stack>`: makes a stack's state what the cluster has, after an update that did not end. */
const program = new Command("recover")
  .description(
    "After an update that was killed or lost its cluster: makes the stack's state what the cluster has. Changes nothing in the cluster.",
  )
  .argument("<stack>")
  .option("--config-file <file>", "the stack's config, where that is not Pulumi.<stack>.yaml")
  .option("--dry-run", "says what was interrupted, and changes nothing")
  .showHelpAfterError()
  .action(recover);

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

async function recover(stack: string, { configFile, dryRun }: Options): Promise<void> {
  const target = { stack, configFile };
  if (dryRun !== true) mend(stack);
  const state = exportState(target);
  const operations = await looked(state);
  console.log(textOf(stack, operations));
  if (dryRun === true) return;
  if (operations.length > 0) replace(target, state, operations);
  if ((await refresh(target)) !== "succeeded") {
    throw new Error(
      `The state of stack "${stack}" could not be compared with the cluster; run this command again when the cause is gone.`,
    );
  }
  console.log(
    `Stack "${stack}" is recovered: its state is what the cluster has. What an update would do now: npm run preview -- ${stack}`,
  );
}

function mend(stack: string): void {
  for (const file of mendMetadata(stack)) {
    console.log(
      `Took away ${file}: a kill had cut it off, and the engine did not read the state beside it.`,
    );
  }
}

/** What was interrupted, with what the cluster has of it. */
async function looked(state: State): Promise<Judged[]> {
  const cluster = clusterOf(state);
  // Without a provider nothing can have been made, nor be lost.
  if (cluster === undefined) return judged(state, () => Promise.resolve({ kind: "absent" }));
  const reader = new ClusterReader(cluster);
  try {
    await assertSameCluster(state, reader);
    return await judged(state, (resource) => find(resource, reader));
  } finally {
    reader.close();
  }
}

function replace(target: Target, state: State, operations: readonly Judged[]): void {
  mkdirSync(folder, { recursive: true });
  const time = new Date().toISOString().replaceAll(":", "-");
  const former = join(folder, `${target.stack}-${time}.json`);
  writeFileSync(former, JSON.stringify(state), { mode: 0o600 });
  const adopted = operations.flatMap(({ operation: { resource }, id }) =>
    id === undefined ? [] : [{ resource, id }],
  );
  importState(target, settled(state, adopted));
  console.log(`The state as it was is kept in ${former}.`);
}
