import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { putComment } from "../preview/api-client";
import { commentsOf } from "../preview/post";
import { readReports, withComments } from "./reports";
import { summaryMarker, summaryText } from "./text";

interface Options {
  reports: string;
  out?: string;
  post?: boolean;
}

const examples = `
The previews of a merge request write their reports with: npx platform preview <stack> --json previews/<stack>.json
Exit code 0: written; the comment names a stack without a report. Example:
  npx platform stacks summary --reports previews shop.prod news.prod --post`;

/** Adds the options of `stacks summary` to its command. */
export function addSummaryOptions(command: Command): void {
  command
    .description("sums up the previews of many stacks in one comment, the worst first")
    .argument("[stack...]", "the stacks that were previewed; default: all that have a report")
    .requiredOption("--reports <folder>", "folder of the previews' JSON, <stack>.json each")
    .option("--out <file>", "writes it to a file instead of the output")
    .option("--post", "posts it on the merge or pull request of the current job")
    .addHelpText("after", examples)
    .action(async (stacks: string[], options: Options) => {
      const comments = options.post === true ? commentsOf(process.env) : undefined;
      const reports = readReports(options.reports, stacks);
      const all = comments === undefined ? reports : await withComments(reports, comments);
      const text = summaryText(all);
      if (options.out === undefined) process.stdout.write(text);
      else writeFileSync(options.out, text);
      if (comments !== undefined) await putComment(comments, summaryMarker, text);
    });
}
