import { Command, InvalidArgumentError } from "commander";
import { pulumiUp } from "../../engine/pulumi";
import { heldText } from "../../engine/held";
import { planDifference, planLines } from "./plan";
import { notWaitedFor } from "./changes";
import type { Report } from "./report";
import { previewStack } from "./run";
import { titleOf } from "./steps";
import { keptPlan } from "./store";

interface Options {
  planHash: string;
  configFile?: string;
}

/** `npm run up -- <stack> --plan-hash <hash>`: applies the plan that was approved, and no other. */
const program = new Command("up")
  .description(
    "Previews a stack again and applies the plan if it is the approved one; otherwise shows the difference and changes nothing.",
  )
  .argument("<stack>")
  .requiredOption(
    "--plan-hash <hash>",
    "hash of the approved plan, from the preview's comment",
    hash,
  )
  .option("--config-file <file>", "the stack's config, where that is not Pulumi.<stack>.yaml")
  .showHelpAfterError()
  .action(up);

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

async function up(stack: string, { planHash, configFile }: Options): Promise<void> {
  const held = heldText(stack);
  if (held !== undefined) throw new Error(`Stack "${stack}" is ${held}; nothing was changed.`);
  const report = await previewStack(stack, { configFile });
  const objection = objectionTo(planHash, report);
  if (objection !== undefined) throw new Error(objection);
  const spared = notWaitedFor(report.preview.steps);
  for (const step of spared)
    console.log(`Not waited for: ${titleOf(step)}, which was not ready before.`);
  const exclude = spared.map(({ urn }) => urn);
  if ((await pulumiUp({ stack, configFile }, exclude)) !== "succeeded") process.exitCode = 1;
}

/** Why the present plan is not applied; nothing when it is the approved one. */
function objectionTo(approved: string, { stack, preview, plan, hash }: Report): string | undefined {
  if (plan === undefined || hash === undefined) {
    return [`Stack "${stack}" cannot be updated; nothing was changed.`, ...preview.errors].join(
      "\n",
    );
  }
  if (hash === approved) return undefined;
  const former = keptPlan(approved);
  const difference =
    former === undefined
      ? ["The approved plan is not at hand; the present one is:", ...planLines(plan)]
      : ["Approved is -, present is +:", ...planDifference(former, plan)];
  return [
    `Stack "${stack}" would change otherwise than approved; nothing was changed.`,
    ...difference,
    `approved ${approved}`,
    `present  ${hash}`,
    `Review it again: npm run preview -- ${stack}`,
  ].join("\n");
}

function hash(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new InvalidArgumentError("Allowed are the 64 hexadecimal digits that the preview shows.");
  }
  return text;
}
