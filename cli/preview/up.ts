import { Command, InvalidArgumentError } from "commander";
import { main } from "../../local/commands/main";
import { pulumiUp } from "../../engine/pulumi";
import { stackValues, runAndSendEvents } from "../events/of-commands";
import { heldText } from "../../engine/held";
import { canonical } from "../../releases/template";
import { handLines, type HandChange } from "./by-hand";
import { notWaitedFor } from "./changes";
import { planDifference, planLines, type NormalPlan } from "./plan";
import type { Report } from "./report";
import { previewStack } from "./run";
import { objectionOf, repeatedText } from "../release/repeat";
import { rememberUpdate } from "../stacks/remember";
import { titleOf } from "./steps";
import { keptPlan } from "./store";

interface Options {
  planHash: string;
  configFile?: string;
}

/** `npx platform up <stack> --plan-hash <hash>`: applies only the approved plan. */
const program = new Command("npx platform up")
  .description(
    "Previews a stack again and applies the plan if it is the approved one; otherwise shows the difference and changes nothing. Also changes nothing if a canary's check fails on which its step relies.",
  )
  .argument("<stack>")
  .requiredOption(
    "--plan-hash <hash>",
    "hash of the approved plan, from the preview's comment",
    hash,
  )
  .option("--config-file <file>", "the stack's config file, if it is not Pulumi.<stack>.yaml")
  .showHelpAfterError()
  .action(up);

main(() => program.parseAsync());

async function up(stack: string, { planHash, configFile }: Options): Promise<void> {
  const held = heldText(stack);
  if (held !== undefined) throw new Error(`Stack "${stack}" is ${held}; nothing was changed.`);
  const report = await previewStack(stack, { configFile });
  const objection = objectionTo(planHash, report);
  if (objection !== undefined) throw new Error(objection);
  const failing = objectionOf(report.checks, stack);
  if (failing !== undefined) throw new Error(failing);
  for (const check of report.checks) console.log(`${repeatedText(check)}.`);
  const spared = notWaitedFor(
    report.preview.steps,
    report.traffic.flatMap((app) => app.steady),
  );
  for (const step of spared)
    console.log(`Not waited for: ${titleOf(step)}, which was not ready before.`);
  const target = { stack, configFile };
  const ended = await runAndSendEvents(
    target,
    () => stackValues(stack, configFile),
    () =>
      pulumiUp(target, {
        // The changes by hand that the plan reverts are only in the cluster, not in the state.
        refresh: report.preview.byHand.length > 0,
        exclude: spared.map(({ urn }) => urn),
      }),
  );
  if (ended !== "succeeded") process.exitCode = 1;
  // Runs with another config file are not used to skip stacks later.
  else if (configFile === undefined) await rememberUpdate(stack);
}

/** Returns why the current plan is not applied; undefined if it is the approved one. */
function objectionTo(approved: string, { stack, preview, plan, hash }: Report): string | undefined {
  const former = keptPlan(approved);
  if (plan === undefined || hash === undefined) {
    return [
      `Stack "${stack}" cannot be updated; nothing was changed.`,
      ...newByHand(preview.byHand, former),
      ...preview.errors,
    ].join("\n");
  }
  if (hash === approved) return undefined;
  const difference =
    former === undefined
      ? ["The approved plan is not available; the current one is:", ...planLines(plan)]
      : ["Lines with - are approved, lines with + are current:", ...planDifference(former, plan)];
  return [
    `Stack "${stack}" would change in a different way than approved; nothing was changed.`,
    ...byHandLines(preview.byHand, former),
    ...difference,
    `approved ${approved}`,
    `present  ${hash}`,
    `Review it again: npx platform preview ${stack}`,
  ].join("\n");
}

/** Returns the changes by hand that only one of two plans contains. */
function byHandLines(present: readonly HandChange[], former: NormalPlan | undefined): string[] {
  return [
    ...newByHand(present, former),
    ...titled("No longer as it was changed by hand:", without(former?.byHand ?? [], present)),
  ];
}

/**
 * Returns the changes by hand that the approved plan does not contain; all of them if that plan is not
 * available.
 */
function newByHand(present: readonly HandChange[], former: NormalPlan | undefined): string[] {
  const since = former === undefined ? "since the last update" : "since the plan was approved";
  return titled(`Changed by hand in the cluster ${since}:`, without(present, former?.byHand ?? []));
}

function titled(title: string, changes: readonly HandChange[]): string[] {
  return changes.length === 0 ? [] : [title, ...handLines(changes)];
}

function without(changes: readonly HandChange[], others: readonly HandChange[]): HandChange[] {
  const known = new Set(others.map((it) => canonical(it)));
  return changes.filter((it) => !known.has(canonical(it)));
}

function hash(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new InvalidArgumentError("expected the 64 hexadecimal digits that the preview shows.");
  }
  return text;
}
