import { showStatus, statusExitCodes } from "./cluster-status";
import { runVerb } from "./main";
import { VerbCommand } from "./verb-command";

/** `npx platform local status`: shows which parts of the local cluster run. */
const command = new VerbCommand("npx platform local status")
  .description("Shows which parts of the local cluster run.")
  .option("--json", "prints JSON instead of a table")
  .examples("npx platform local status", [
    "npx platform local status --json | jq .running",
    "true or false",
  ])
  .exitCodes(statusExitCodes)
  .action(showStatus);

runVerb(command);
