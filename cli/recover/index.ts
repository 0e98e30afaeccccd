import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runVerb } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
import { exportState, importState, refresh, type Target } from "../../engine/pulumi";
import { ClusterReader } from "../../cluster/reader";
import { assertSameCluster, clusterOf, find } from "./cluster";
import { judgeOperations, textOf, type Judged } from "./judge";
import { deleteTruncatedMetadata } from "./metadata";
import { keptReplacements, withoutPendingOperations, type State } from "../../engine/state";

interface Options {
  configFile?: string;
  dryRun?: boolean;
}

/** Folder of the states before they were changed. Git ignores it. Secrets in them are encrypted. */
const folder = join(".local", "recover");

/**
 * `npx platform recover <stack>`: brings a stack's state in line with the cluster, after an update that did not
 * end.
 */
const program = new VerbCommand("npx platform recover")
  .description(
    "Brings the state of a stack in line with the cluster, after an update that was killed or lost its connection. Changes nothing in the cluster.",
  )
  .argument("<stack>")
  .option("--config-file <file>", "the stack's config file, if it is not Pulumi.<stack>.yaml")
  .option("--dry-run", "reports what was interrupted, and changes nothing")
  .examples(
    ["npx platform recover prod --dry-run", "first: what was interrupted"],
    "npx platform recover prod",
  )
  .action(recover);

runVerb(program);

async function recover(stack: string, { configFile, dryRun }: Options): Promise<void> {
  const target = { stack, configFile };
  if (dryRun !== true) deleteAndReportMetadata(stack);
  const state = exportState(target);
  const operations = await lookUpInterrupted(state);
  const kept = keptReplacements(state);
  console.log(textOf(stack, operations, kept));
  if (dryRun === true) return;
  if (operations.length + kept.length > 0) replace(target, state, operations);
  if ((await refresh(target)) !== "succeeded") {
    throw new Error(
      `The state of stack "${stack}" could not be compared with the cluster; run this command again when the cause is fixed.`,
    );
  }
  console.log(
    `Stack "${stack}" is recovered: its state matches the cluster. To see what an update would do, run: npx platform preview ${stack}`,
  );
}

/** Deletes truncated metadata files, and prints which. */
function deleteAndReportMetadata(stack: string): void {
  for (const file of deleteTruncatedMetadata(stack)) {
    console.log(
      `Deleted ${file}: a kill truncated it, so the engine ignored the state file next to it.`,
    );
  }
}

/** Looks up in the cluster what happened in the interrupted operations. */
async function lookUpInterrupted(state: State): Promise<Judged[]> {
  const cluster = clusterOf(state);
  // Without a provider, the interrupted update cannot have created or lost an object.
  if (cluster === undefined)
    return judgeOperations(state, () => Promise.resolve({ kind: "absent" }));
  const reader = new ClusterReader(cluster);
  try {
    await assertSameCluster(state, reader);
    return await judgeOperations(state, (resource) => find(resource, reader));
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
  importState(target, withoutPendingOperations(state, adopted));
  console.log(`The previous state is kept in ${former}.`);
}
