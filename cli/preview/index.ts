import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { reasonOf } from "../../config/reason";
import { runVerb } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
import { commentOf, marker, notRun } from "./comment";
import type { Violation } from "./events";
import { posting, postLogged } from "./post";
import { exitCodeOf, notRunJson, reportJson } from "./report";
import { previewStack } from "./run";
import { keepPlan } from "./store";

interface Options {
  json?: boolean;
  report?: string;
  out?: string;
  post?: boolean;
  configFile?: string;
  violations?: string;
  refresh: boolean;
}

const violations = z.array(
  z.strictObject({
    policy: z.string().min(1),
    object: z.string().optional(),
    message: z.string().min(1),
  }),
);

/** `npx platform preview <stack>`: writes what an update would do, as a comment for its merge request. */
const program = new VerbCommand("npx platform preview")
  .description(
    "Previews a stack, checks it against the policy and writes a comment for its merge request.",
  )
  .argument("<stack>")
  .option("--json", "prints JSON instead of the comment")
  .option(
    "--report <file>",
    "also writes the JSON to a file, with the counts for GitLab's widget, for stacks summary",
  )
  .option("--out <file>", "writes the comment to a file instead of standard output")
  .option(
    "--post",
    "posts the comment on the merge or pull request of the current job, in GitLab, GitHub or Gitea",
  )
  .option("--no-refresh", "compares with the state, without reading the objects from the cluster")
  .option("--config-file <file>", "the stack's config file, if it is not Pulumi.<stack>.yaml")
  .option("--violations <file>", "findings of another policy check: [{ policy, object, message }]")
  .examples(
    "npx platform preview dev",
    ["npx platform preview prod --json --no-refresh", "for programs, without reading the cluster"],
    ["npx platform preview prod --report preview.json --out preview.md --post", "in a pipeline"],
  )
  .exitCodes({
    0: "nothing dangerous",
    1: "it cannot be applied, breaks a mandatory rule, or could not be previewed",
    3: "there are dangers: a person has to decide",
  })
  .action(preview);

runVerb(program);

async function preview(stack: string, options: Options): Promise<void> {
  // Missing settings for posting are reported before the preview takes its time.
  const post = options.post === true ? posting(process.env) : undefined;
  const report = await previewStack(stack, {
    configFile: options.configFile,
    refresh: options.refresh,
    violations: options.violations === undefined ? [] : readViolations(options.violations),
  }).catch(async (error: unknown) => {
    const text = reasonOf(error);
    printOrWriteJson(options, () => notRunJson(stack, text));
    // The reason why the preview could not run is more important than a failure to post it.
    if (post !== undefined) await postLogged(post, marker(stack), notRun(stack, text), true);
    throw error;
  });
  const comment = commentOf(report);
  if (report.hash !== undefined && report.plan !== undefined) keepPlan(report.hash, report.plan);
  printOrWriteJson(options, () => reportJson(report));
  if (options.out !== undefined) writeFileSync(options.out, comment);
  else if (options.json !== true) process.stdout.write(comment);
  process.exitCode = exitCodeOf(report);
  if (post !== undefined) {
    await postLogged(post, marker(stack), comment, options.report !== undefined);
  }
}

/** Prints the JSON, and writes it to a file, as far as the options ask for it. */
function printOrWriteJson({ json, report: file }: Options, textOf: () => string): void {
  if (json === true) process.stdout.write(textOf());
  if (file === undefined) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, textOf());
}

function readViolations(file: string): Violation[] {
  const parsed = violations.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
