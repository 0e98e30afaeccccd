import { availableParallelism } from "node:os";
import { InvalidArgumentError } from "commander";
import { duration } from "../../config/values";
import { pulumiEngine } from "../../engine/runs";
import type { StackEntry } from "../stacks/discover";
import { fleetOf } from "./apps";
import { find, type Query } from "./query";
import { notAsked, recordsOf } from "./records";
import { foundJson, foundText } from "./text";
import type { VerbCommand } from "../../local/commands/verb-command";

interface Options extends Query {
  filter?: string;
  configDir?: string;
  json?: boolean;
  records: boolean;
}

/**
 * Adds the options of `stacks query` to its command.
 * @param folder folder in which the outputs of stacks are kept between queries.
 */
export function queryCommand(
  command: VerbCommand,
  folder: string,
  entriesOf: (options: { filter?: string; configDir?: string }) => StackEntry[],
): void {
  command
    .option("--version <version>", "apps with a running release of this version, for example 1.5.0")
    .option(
      "--runtime <image>",
      "apps whose base image begins with this text, for example tomcat or php:7",
    )
    .option("--preset <preset>", "apps with this preset, for example node")
    .option("--team <team>", "apps of this team")
    .option("-e, --environment <environment>", "apps in this environment")
    .option("--frozen", "apps with a freeze in force: their own, their team's or their stack's")
    .option(
      "--canary-older-than <duration>",
      "apps whose canary is at least this old, for example 7d",
      seconds,
    )
    .option(
      "--differs",
      "apps whose stable version, preset or runtime differs between environments",
    )
    .option("--no-records", "reads only files, and not the records in the state")
    .option("--json", "prints JSON instead of a table")
    .addHelpText("after", "\nAn app is listed if it meets all conditions.")
    .examples(
      ["npx platform stacks query --version 1.5.0", "who runs 1.5.0, in any role"],
      ["npx platform stacks query --runtime php:7 --json", "whose image is built from PHP 7"],
      ["npx platform stacks query --canary-older-than 7d", "canaries that were forgotten"],
      [
        "npx platform stacks query --differs --team commerce",
        "what is not the same in every environment",
      ],
      ["npx platform stacks query --frozen", "where nothing may be released, and until when"],
    )
    .exitCodes({
      0: "all files could be read, whatever was found",
      1: "some could not, so their apps are missing",
    })
    .action(async (options: Options) => {
      const now = new Date();
      const entries = entriesOf(options);
      const stacks = entries.map(({ name }) => name);
      const records = options.records
        ? await recordsOf(stacks, pulumiEngine, folder, availableParallelism())
        : undefined;
      const { apps, problems } = fleetOf(entries, (stack) => records?.get(stack) ?? notAsked, now);
      const found = find(apps, options, now);
      console.log(options.json === true ? foundJson(found) : foundText(found, now));
      for (const problem of problems) console.error(problem);
      if (problems.length > 0) process.exitCode = 1;
    });
}

function seconds(text: string): number {
  const parsed = duration.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`expected a duration such as 12h or 7d.`);
  return parsed.data;
}
