import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { runVerb } from "../commands/main";
import { VerbCommand } from "../commands/verb-command";
import { setUp } from "../commands/prepare";
import { differences } from "./differences";
import { applied, edits } from "./edits";
import { comparable } from "./objects";
import { comparablePlan } from "./plans";
import { seedOf } from "./seed";
import { Side } from "./side";

const required = "pulumi-resource-kubernetes";

/** `npx platform plugins compare <folder>`: compares the dev stack with stand-in plugins and with official ones. */
const command = new VerbCommand("npx platform plugins compare")
  .description(
    "Brings the dev stack up on two local clusters, with the stand-in plugins and with official ones, and compares live objects, previews and refreshes.",
  )
  .argument("<dir>", `folder with ${required} and other official plugins`)
  .examples('npx platform plugins compare "$(npx platform plugins official)"')
  .exitCodes({ 0: "both behave the same", 1: "something differs, or could not be compared" });

runVerb(command.action(run));

async function run(folder: string): Promise<void> {
  if (!existsSync(join(folder, required))) {
    throw new Error(
      `folder: expected one with ${required}, got ${folder}; see docs/decisions/official-plugins.md`,
    );
  }
  await setUp("local");
  const sides: Side[] = [];
  try {
    const standIn = await Side.start("stand-in");
    sides.push(standIn);
    const official = await Side.start("official", resolve(folder));
    sides.push(official);
    if (await compare(standIn, official)) process.exitCode = 1;
  } finally {
    for (const side of sides) await side.stop();
  }
}

/**
 * Compares both sides step by step.
 * @returns whether there was a difference.
 */
async function compare(standIn: Side, official: Side): Promise<boolean> {
  let differs = false;
  const both = async <Result>(what: (side: Side) => Promise<Result>): Promise<Result[]> => [
    await what(standIn),
    await what(official),
  ];
  const check = async (what: string, read: (side: Side) => Promise<unknown>) => {
    const [one, other] = await both(read);
    const lines = differences(one, other);
    differs ||= lines.length > 0;
    console.log(`${lines.length === 0 ? "same" : "DIFFERENT"}  ${what}`);
    for (const line of lines) console.log(`    ${line}`);
  };
  const objects = async (side: Side) => comparable(await side.objects());
  const plan = async (side: Side) => comparablePlan(await side.preview());
  const drift = async (side: Side) => comparablePlan(await side.drift());

  await standIn.up();
  await official.begin(seedOf(await standIn.state()));
  await official.up();
  await check("live objects after the first update", objects);
  await check("preview of no change", plan);
  await check("refresh without drift", drift);
  for (const { name, change } of edits) {
    for (const side of [standIn, official]) side.configure(change);
    await check(`preview of ${name}`, plan);
    if (!applied.includes(name)) continue;
    await both((side) => side.up());
    await check(`live objects after ${name}`, objects);
  }
  await both((side) => side.kubectl(...byHand));
  await check("refresh after a change by hand", drift);
  await both(leaveOnePodPending);
  await both((side) => side.refresh());
  await check("preview after a refresh that found an unready pod", plan);
  return differs;
}

/** Manual changes of objects. */
const byHand = [
  ...["patch", "deploy", "shop-1-5-0", "-n", "commerce-dev", "-p"],
  JSON.stringify({ spec: { template: { spec: { terminationGracePeriodSeconds: 77 } } } }),
];

/** Leaves a workload with a pod that cannot be scheduled. */
async function leaveOnePodPending(side: Side): Promise<void> {
  const nodes = await side.kubectl("get", "nodes", "-o", "jsonpath={.items[*].metadata.name}");
  await side.kubectl("cordon", ...nodes.split(" "));
  const labels = "app.kubernetes.io/instance=news-2-0-1";
  await side.kubectl("delete", "pod", "-A", "-l", labels, "--wait=true");
}
