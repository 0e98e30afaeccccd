import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { runVerb } from "../local/commands/main";
import { parseStack } from "../config";
import { kubernetesObjects } from "../render/objects";
import { recordStack } from "../render/stack";
import { platformValues } from "../config/yaml";
import { stackFile, stackFileConfig } from "../config/stack-file";
import { authorOf } from "./owners/author";
import { ownersViolations } from "./owners/proposal";
import { policyOf, violations } from "../policy/check";
import { reportJson, reportText } from "../policy/report";
import { objectRules, stepRules } from "../policy/rules";
import { readSteps } from "../policy/steps";

interface Options {
  steps?: string;
  violations?: string;
  json?: boolean;
  configDir: string;
}

/** `npx platform policy <stack>`: reports which rules a stack breaks, without a cluster. */
async function check(stack: string, options: Options): Promise<void> {
  const policy = policyOf(
    parseStack(stack, platformValues(stackFileConfig(stack, options.configDir))),
  );
  const { registrations } = await recordStack(stack, options.configDir);
  const objects = kubernetesObjects(registrations);
  const steps = options.steps === undefined ? [] : readSteps(readFileSync(options.steps, "utf8"));
  const owners = ownersViolations(stackFile(stack, options.configDir), await authorOf());
  const found = [...violations(objects, policy, steps), ...owners];
  const scope = {
    stack,
    rules: objectRules.length + 1 + (options.steps === undefined ? 0 : stepRules.length),
    objects: objects.length,
    steps: steps.length,
  };
  console.log(options.json === true ? reportJson(found).trimEnd() : reportText(scope, found));
  if (options.violations !== undefined) writeFileSync(options.violations, reportJson(found));
  if (found.some(({ level }) => level === "mandatory")) process.exitCode = 1;
}

const program = new Command("npx platform policy")
  .description(
    "Checks the objects of a stack, and the steps of a preview, against the company's rules. Exit code 1: a mandatory rule is broken.",
  )
  .argument("<stack>", "name of the stack, for example dev")
  .option("--steps <file>", "output of `pulumi preview --json`")
  .option("--json", "prints JSON instead of text")
  .option("--violations <file>", "writes the violations as JSON, for npx platform preview")
  .option("--config-dir <dir>", "folder of the stacks' files", ".")
  .showHelpAfterError()
  .action(check);

runVerb(program);
