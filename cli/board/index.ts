import { availableParallelism } from "node:os";
import { join } from "node:path";
import { shownPath } from "../../local/commands/caller";
import { runVerb } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
import { pulumiEngine } from "../../engine/runs";
import { fleetOf } from "../fleet/apps";
import { groupStates } from "../fleet/groups";
import { notAsked, recordsOf } from "../fleet/records";
import { discover } from "../stacks/discover";
import { changesOf } from "./changes";
import { boardOf } from "./data";
import { linksOf } from "./links";
import { driftOf, unchecked } from "./live";
import { writeBoard } from "./write";

interface Options {
  out: string;
  configDir: string;
  live?: boolean;
  records: boolean;
}

/** `npx platform board <environment>... --out <dir>`: an overview of all apps, as HTML files that need no server. */
const program = new VerbCommand("npx platform board")
  .description("Writes an overview of every app in every environment, and a page for each app.")
  .argument("<environment...>", "dev, test, gray or online, in the order of the columns")
  .requiredOption("--out <dir>", "folder of the pages: a new one, or one with an earlier board")
  .option("--live", "also reads the clusters, and marks apps whose cluster differs from the record")
  .option("--no-records", "reads only files, and not the records in the state")
  .option("--config-dir <dir>", "folder of the stacks' files", ".")
  .addHelpText("after", "\nOpen index.html in a browser: it loads nothing from elsewhere.")
  .examples("npx platform board online --out public", [
    "npx platform board gray online --live --out public",
    "for a CI job that keeps the folder as its artifact",
  ])
  .exitCodes({
    0: "written",
    1: "not written, or without some files or clusters that could not be read, which the page names",
  })
  .action(board);

runVerb(program);

async function board(environments: string[], options: Options): Promise<void> {
  const at = new Date();
  const all = discover(options.configDir);
  const entries = all.filter(
    ({ config, error }) =>
      environments.includes(String(config["platform:environment"])) || error !== undefined,
  );
  const present = new Set(entries.map(({ config }) => config["platform:environment"]));
  const missing = environments.filter((name) => !present.has(name));
  if (missing.length > 0) {
    const known = [...new Set(all.map(({ config }) => config["platform:environment"]))].join(", ");
    throw new Error(`environment: expected one of ${known}, got ${missing.join(", ")}`);
  }
  const names = entries.map(({ name }) => name);
  const records = options.records
    ? await recordsOf(names, pulumiEngine, join(".local", "stacks"), availableParallelism())
    : undefined;
  const fleet = fleetOf(entries, (stack) => records?.get(stack) ?? notAsked, at);
  const live = options.live === true ? await driftOf(fleet.apps, entries) : undefined;
  const problems = [...fleet.problems, ...(live?.problems ?? [])];
  const made = boardOf(
    { apps: fleet.apps, problems },
    environments,
    {
      changes: changesOf(),
      links: linksOf(all),
      groups: groupStates(entries, fleet.apps),
      drift: live === undefined ? unchecked : (app) => live.drift.get(app),
    },
    at,
  );
  writeBoard(made, options.out);
  console.log(
    `Wrote ${shownPath(join(options.out, "index.html"))}: ${made.apps.length} apps of ${environments.join(", ")}.`,
  );
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
