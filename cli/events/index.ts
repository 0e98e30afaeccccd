import { InvalidArgumentError } from "commander";
import { runVerb } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
import { noStackText } from "../../config/stack-file";
import { duration } from "../../config/values";
import { pulumiEngine } from "../../engine/runs";
import { discover } from "../stacks/discover";
import { sendEventsSince } from "./of-stacks";

/** `npx platform events send <stack> --since <time>`: sends the events that a plain `pulumi up` recorded. */
const program = new VerbCommand("npx platform events send")
  .description(
    "Sends the receivers of a stack the release events that its updates have recorded since a time, each event once.",
  )
  .argument("<stack>", "name of the stack, for example prod")
  .requiredOption(
    "--since <time>",
    "a UTC time such as 2026-11-27T10:00:00Z, or a duration before now such as 15m",
    sinceOf,
  )
  .addHelpText(
    "after",
    `
For pipelines that run "pulumi up"; npx platform up, release --update and stacks up send the events automatically. Before:
  started=$(date -u +%FT%TZ); pulumi up --yes --stack prod; code=$?`,
  )
  .examples('npx platform events send prod --since "$started"; exit $code', [
    "npx platform events send prod --since 15m",
    "those of the last quarter of an hour",
  ])
  .exitCodes({
    0: "sent, or a receiver is down, which causes a warning",
    1: "not sent: the record of the stack cannot be read",
  })
  .action(async (stack: string, { since }: { since: string }) => {
    const entry = discover(".", stack).find(({ name }) => name === stack);
    if (entry === undefined) throw new Error(noStackText(stack));
    const count = await sendEventsSince(entry, pulumiEngine, since);
    console.log(`${count} events since ${since}`);
  });

runVerb(program);

function sinceOf(text: string): string {
  const seconds = duration.safeParse(text);
  if (seconds.success) return new Date(Date.now() - seconds.data * 1000).toISOString();
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? new Date(text) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError(
      "expected a UTC time such as 2026-11-27T10:00:00Z, or a duration such as 15m.",
    );
  }
  return time.toISOString();
}
