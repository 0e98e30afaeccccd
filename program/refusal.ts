import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../config";

/**
 * Refuses an update for reasons that an update of another stack can remove; a preview only shows them.
 * @param heading first line of the error.
 * @param reasons a sentence each; without any, nothing happens.
 * @param show shows a reason in a preview.
 * @throws ProgramError with every reason, in an update.
 */
export async function refuseUpdate(
  heading: string,
  reasons: readonly string[],
  show: (reason: string) => Promise<void>,
): Promise<void> {
  if (reasons.length === 0) return;
  if (pulumi.runtime.isDryRun()) {
    for (const reason of reasons) await show(reason);
    return;
  }
  throw new ProgramError([heading, ...reasons.map((reason) => `  ${reason}`)].join("\n"));
}
