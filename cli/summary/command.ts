import { writeFileSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import { putComment, replaceComment, type Comments } from "../preview/api-client";
import { commentsOf } from "../preview/post";
import { readReports, withComments } from "./reports";
import { formerPart, summaryMarker, summaryText, whole, type Part } from "./text";
import type { VerbCommand } from "../../local/commands/verb-command";

interface Options {
  reports: string;
  out?: string;
  post?: boolean;
  part: Part;
}

const note = `
The previews of a merge request write their reports with: npx platform preview <stack> --report previews/<stack>.json`;

/** Adds the options of `stacks summary` to its command. */
export function addSummaryOptions(command: VerbCommand): void {
  command
    .description("sums up the previews of many stacks in one comment, the worst first")
    .argument("[stack...]", "the stacks that were previewed; default: all that have a report")
    .requiredOption("--reports <dir>", "folder of the previews' JSON, <stack>.json each")
    .option("--out <file>", "writes it to a file instead of the output")
    .option(
      "--part <n/m>",
      "this is comment n of m, each about other stacks; default: 1/1",
      partOf,
      whole,
    )
    .option("--post", "posts it on the merge or pull request of the current job")
    .addHelpText("after", note)
    .examples("npx platform stacks summary --reports previews", [
      "npx platform stacks summary --reports previews shop.prod news.prod --post",
      "in a pipeline",
    ])
    .exitCodes({
      0: "written; the comment names a stack without a report",
      1: "not written, or not posted",
    })
    .action(async (stacks: string[], options: Options) => {
      const comments = options.post === true ? commentsOf(process.env) : undefined;
      const reports = readReports(options.reports, stacks);
      const all = comments === undefined ? reports : await withComments(reports, comments);
      const text = summaryText(all, options.part);
      if (options.out === undefined) process.stdout.write(text);
      else writeFileSync(options.out, text);
      if (comments !== undefined) await postSummary(comments, options.part, text);
    });
}

/** Posts the comment of a part. The last part replaces the comments of parts that no longer exist. */
export async function postSummary(
  comments: Comments,
  { number, of }: Part,
  text: string,
): Promise<"created" | "updated"> {
  const result = await putComment(comments, summaryMarker(number), text);
  if (number < of) return result;
  for (let former = of + 1; ; former += 1) {
    if (!(await replaceComment(comments, summaryMarker(former), formerPart(former)))) return result;
  }
}

function partOf(text: string): Part {
  const [, number, of] = (/^([1-9]\d*)\/([1-9]\d*)$/.exec(text) ?? []).map(Number);
  if (number === undefined || of === undefined || number > of) {
    throw new InvalidArgumentError("expected a part such as 1/2.");
  }
  return { number, of };
}
