import type { Command } from "commander";
import { findingsText } from "../../policy/report";
import { authorOf } from "./author";
import { allOwnersViolations } from "./proposal";

const examples = `
CI runs it once for each merge request, even if the merge request concerns no stack.
Exit code 0: the author may change these files, or the job does not belong to a merge request; 1: not all of them.`;

/** Adds the action of `stacks owners` to its command. */
export function ownersCommand(command: Command): void {
  command
    .description("checks whether the author of the merge request may change its files")
    .addHelpText("after", examples)
    .action(async () => {
      const author = await authorOf();
      if (author === undefined) {
        console.log("This job does not belong to a merge request, so nothing is checked.");
        return;
      }
      const found = allOwnersViolations(author);
      console.log(findingsText(found));
      if (found.length > 0) process.exitCode = 1;
    });
}
