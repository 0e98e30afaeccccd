import { createInterface } from "node:readline/promises";
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { main } from "../../local/commands/main";
import { presetNames } from "../../versions/app-runtimes";
import { writeNewApp } from "./new";
import { applyMove, planMove } from "./move";
import { codeOwners } from "./owners";
import { removeApp } from "./remove";

const program = new Command("npx platform apps")
  .description("Manages the files that declare one app each.")
  .showHelpAfterError();

/** Flags of `new`, which are asked for on a terminal. */
const questions = {
  team: "Team that owns it",
  preset: `Preset (${presetNames.join(", ")})`,
  domain: "Host name",
  image: "Image repository without a tag",
} as const;

type NewOptions = Partial<Record<keyof typeof questions, string>> & {
  environment: string;
  repository?: string;
};

program
  .command("new")
  .description("writes the file of a new app")
  .argument("<app>")
  .requiredOption("-e, --environment <folder>", "folder below apps/, for example prod")
  .option("--team <team>", "team that owns the app")
  .option("--preset <preset>", `one of ${presetNames.join(", ")}`)
  .option("--domain <host>", "host name that the gateway serves it under")
  .option("--image <repository>", "image repository without a tag")
  .option("--repository <url>", "Git repository that its images are built from")
  .action(async (app: string, options: NewOptions) => {
    const { team, preset, domain, image } = await askForMissing(options);
    const { environment, repository } = options;
    const path = writeNewApp({ app, environment, team, preset, domain, image, repository });
    console.log(`${path} is written.`);
    console.log(
      `Next: commit it, and when an image exists: npx platform release canary ${app} <version> --stack <stack>`,
    );
  });

program
  .command("move")
  .description("moves an app to another team or environment, or lists what that would replace")
  .argument("<app>")
  .requiredOption("-e, --environment <folder>", "folder below apps/ that contains it")
  .option("--to-team <team>", "team that owns it from now on")
  .option("--to-environment <folder>", "folder below apps/ that it moves to")
  .option("--replace", "moves it, although its running objects are deleted and created again")
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
        console.error(`Nothing is written. To move ${app} anyway, add --replace.`);
        process.exitCode = 1;
        return;
      }
      applyMove(plan);
      console.log(
        plan.from === plan.to ? `${plan.to} is written.` : `${plan.from} is now ${plan.to}.`,
      );
    },
  );

program
  .command("remove")
  .description("removes an app from a stack; the next update deletes its objects")
  .argument("<app>")
  .requiredOption("-s, --stack <stack>", "stack that declares it")
  .action((app: string, { stack }: { stack: string }) => {
    for (const file of removeApp(app, stack)) console.log(`${file} is changed.`);
  });

program
  .command("owners")
  .description("writes a CODEOWNERS file: the team of each app owns the app's file")
  .option("--out <file>", "path of the file", "CODEOWNERS")
  .option("--prefix <text>", "prefix of the teams' names", "@")
  .action(({ out, prefix }: { out: string; prefix: string }) => {
    const { text, problems } = codeOwners(prefix);
    writeFileSync(out, text);
    console.log(`${out} is written.`);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exitCode = 1;
  });

main(() => program.parseAsync());

/** The flags, with an answer for each that is missing. */
async function askForMissing(options: NewOptions): Promise<Record<keyof typeof questions, string>> {
  const missing = (Object.keys(questions) as (keyof typeof questions)[]).filter(
    (key) => options[key] === undefined,
  );
  const answers = { ...options };
  if (missing.length > 0 && !process.stdin.isTTY) {
    throw new Error(
      `expected ${missing.map((key) => `--${key}`).join(", ")}: without a terminal, missing values cannot be asked for`,
    );
  }
  if (missing.length > 0) {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    for (const key of missing) answers[key] = await terminal.question(`${questions[key]}: `);
    terminal.close();
  }
  return answers as Record<keyof typeof questions, string>;
}
