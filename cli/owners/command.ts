import { findingsText, reportJson } from "../../policy/report";
import { exitCodes } from "../../local/commands/exit-codes";
import { authorOf } from "./author";
import { allOwnersViolations } from "./proposal";
import type { VerbCommand } from "../../local/commands/verb-command";

const note = `
CI runs it once for each merge request, even if the merge request concerns no stack.`;

/** Adds the action of `stacks owners` to its command. */
export function ownersCommand(command: VerbCommand): void {
  command
    .description("checks whether the author of the merge request may change its files")
    .addHelpText("after", note)
    .option("--json", "prints JSON instead of text")
    .examples("npx platform stacks owners", "npx platform stacks owners --json")
    .exitCodes({
      0: "the author may change these files, or the job does not belong to a merge request",
      1: "not all of them",
    })
    .action(async ({ json }: { json?: boolean }) => {
      const author = await authorOf();
      if (author === undefined) {
        console.error("This job does not belong to a merge request, so nothing is checked.");
        if (json === true) process.stdout.write(reportJson([]));
        return;
      }
      const found = allOwnersViolations(author);
      if (json === true) process.stdout.write(reportJson(found));
      else console.log(findingsText(found));
      if (found.length > 0) process.exitCode = exitCodes.failed;
    });
}
