import { InvalidArgumentError } from "commander";
import { runVerb } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
import { pulumiUp } from "../../engine/pulumi";
import { stackValues, runAndSendEvents } from "../events/of-commands";
import { heldText } from "../../engine/held";
import { objectionTo } from "./approved";
import { notWaitedFor } from "./changes";
import { previewStack } from "./run";
import { repeatedText } from "../release/repeat";
import { rememberUpdate } from "../stacks/remember";
import { titleOf } from "./steps";

interface Options {
  planHash: string;
  configFile?: string;
}

/** `npx platform up <stack> --plan-hash <hash>`: applies only the approved plan. */
const program = new VerbCommand("npx platform up")
  .description(
    "Applies the approved plan: previews the stack again and, if the plan has become another one, shows the difference and changes nothing. Also changes nothing if a step of a canary relies on a check that now fails.",
  )
  .argument("<stack>")
  .requiredOption(
    "--plan-hash <hash>",
    "hash of the approved plan, from the preview's comment",
    hash,
  )
  .option("--config-file <file>", "the stack's config file, if it is not Pulumi.<stack>.yaml")
  .examples('npx platform up prod --plan-hash "$PLAN_HASH"')
  .exitCodes({ 0: "applied", 1: "not applied, or not completely; the output says why" })
  .action(up);

runVerb(program);

async function up(stack: string, { planHash, configFile }: Options): Promise<void> {
  const held = heldText(stack);
  if (held !== undefined) throw new Error(`Stack "${stack}" is ${held}; nothing was changed.`);
  const report = await previewStack(stack, { configFile });
  const objection = objectionTo(planHash, report);
  if (objection !== undefined) throw new Error(objection);
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
  // An update with another config file is not remembered, so it never makes a later run skip the stack.
  else if (configFile === undefined) await rememberUpdate(stack);
}

function hash(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new InvalidArgumentError("expected the 64 hexadecimal digits that the preview shows.");
  }
  return text;
}
