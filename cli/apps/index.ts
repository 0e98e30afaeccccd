import { writeFileSync } from "node:fs";
import { Option } from "commander";
import { shownPath } from "../../local/commands/caller";
import { runVerb } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
import { presetNames } from "../../versions/app-runtimes";
import { writeNewApp } from "./new";
import { askForMissing, newAppOf, wordsOf, type NewOptions } from "./new-options";
import { applyMove, planMove } from "./move";
import { codeOwners } from "./owners";
import { removeApp } from "./remove";
import { whole } from "../release/numbers";

const program = new VerbCommand("npx platform apps").description(
  "Manages the files that declare one app each.",
);

program
  .command("new")
  .description("writes the file of a new app")
  .argument("<app>", "name of the app")
  .requiredOption("-e, --environment <folder>", "folder below apps/, for example prod")
  .addOption(
    new Option("-k, --kind <kind>", "worker: fetches its work itself, for example from a queue")
      .choices(["web", "worker"])
      .default("web"),
  )
  .option("--team <team>", "team that owns the app")
  .option("--preset <preset>", `one of ${presetNames.join(", ")}`)
  .option("--domain <host>", "host name at which the gateway serves it; a worker has none")
  .option("--image <repository>", "image repository without a tag")
  .option("--repository <url>", "Git repository that its images are built from; a worker has none")
  .option("--command <words>", "command of a worker; default: the command of its image", wordsOf)
  .option("--replicas <number>", "pods of all releases of a worker together", whole)
  .option("--min <number>", "minimum number of pods of the autoscaler; default: 2", whole)
  .option("--max <number>", "maximum number of pods of the autoscaler; default: 10", whole)
  .option("--queue-query <promql>", "query for the length of the queue that scales a worker")
  .option("--queue-per-pod <number>", "length of the queue per pod; needs --queue-query", whole)
  .option("--metrics-port <port>", "port of a worker's metrics", whole)
  .option("--check-query <promql>", "query that checks the canary of a worker")
  .option("--check-max <number>", "highest result of --check-query that passes; default: 0", Number)
  .option("--cron <name>", "name of a job on a schedule; needs --schedule and --cron-command")
  .option("--schedule <fields>", 'when the job runs, for example "30 2 * * *"')
  .option("--cron-command <words>", "command of the job", wordsOf)
  .option(
    "--migrate <words>",
    "command that runs once for each version, before its first pod starts",
    wordsOf,
  )
  .addHelpText(
    "after",
    "\nIn a terminal, the command asks for the team, the preset, the host and the image.",
  )
  .examples(
    "npx platform apps new orders --environment prod",
    "npx platform apps new orders -e prod --team commerce --preset node --domain orders.example.com --image registry.example.com/commerce/orders",
    "npx platform apps new mailer -e prod --kind worker --team commerce --preset php-fpm --image registry.example.com/commerce/mailer --replicas 2",
  )
  .action(async (app: string, options: NewOptions) => {
    const path = writeNewApp(newAppOf(app, await askForMissing(options)));
    console.log(`Wrote ${shownPath(path)}.`);
    console.log(
      `Next: commit it, and when an image exists: npx platform release canary ${app} <version> --stack <stack>`,
    );
  });

program
  .command("move")
  .description("moves an app to another team or environment, or lists what that would replace")
  .argument("<app>", "name of the app")
  .requiredOption("-e, --environment <folder>", "folder below apps/ that contains it")
  .option("--to-team <team>", "team that owns the app after the move")
  .option("--to-environment <folder>", "folder below apps/ to move the app to")
  .option("--replace", "moves the app even if its running objects are deleted and created again")
  .examples("npx platform apps move orders -e prod --to-team content", [
    "npx platform apps move orders -e prod --to-environment online --replace",
    "even if its objects are created again",
  ])
  .exitCodes({
    0: "moved",
    1: "not moved: it would replace running objects, which the output lists",
  })
  .action(
    (
      app: string,
      options: { environment: string; toTeam?: string; toEnvironment?: string; replace?: boolean },
    ) => {
      if (options.toTeam === undefined && options.toEnvironment === undefined) {
        throw new Error("expected --to-team, --to-environment or both, got neither");
      }
      const plan = planMove({ app, ...options });
      for (const text of plan.replaces) console.log(`  ${text}`);
      if (plan.replaces.length > 0 && options.replace !== true) {
        console.error(`Nothing was written. To move ${app} anyway, add --replace.`);
        process.exitCode = 1;
        return;
      }
      applyMove(plan);
      console.log(
        plan.from === plan.to
          ? `Wrote ${shownPath(plan.to)}.`
          : `Moved ${shownPath(plan.from)} to ${shownPath(plan.to)}.`,
      );
    },
  );

program
  .command("remove")
  .description("removes an app from a stack; the next update deletes its objects")
  .argument("<app>", "name of the app")
  .requiredOption("-s, --stack <stack>", "stack that declares it")
  .examples("npx platform apps remove orders --stack prod")
  .action((app: string, { stack }: { stack: string }) => {
    for (const file of removeApp(app, stack)) console.log(`Changed ${shownPath(file)}.`);
  });

program
  .command("owners")
  .description("writes a CODEOWNERS file: the team of each app owns the app's file")
  .option("--out <file>", "path of the file", "CODEOWNERS")
  .option("--prefix <text>", "prefix of the teams' names", "@")
  .examples("npx platform apps owners", [
    "npx platform apps owners --out .github/CODEOWNERS --prefix @company/",
    "teams of a GitHub organization",
  ])
  .exitCodes({ 0: "written", 1: "not written, or an app has no owner, which the output names" })
  .action(({ out, prefix }: { out: string; prefix: string }) => {
    const { text, problems } = codeOwners(prefix);
    writeFileSync(out, text);
    console.log(`Wrote ${shownPath(out)}.`);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exitCode = 1;
  });

runVerb(program);
