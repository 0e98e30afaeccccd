import { readFileSync, writeFileSync } from "node:fs";
import { exitCodes } from "../local/commands/exit-codes";
import { runVerb } from "../local/commands/main";
import { VerbCommand } from "../local/commands/verb-command";
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
  report?: string;
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
  if (options.report !== undefined) writeFileSync(options.report, reportJson(found));
  if (found.some(({ level }) => level === "mandatory")) process.exitCode = exitCodes.failed;
}

const program = new VerbCommand("npx platform policy")
  .description(
    "Checks the objects of a stack, and the steps of a preview, against the company's rules.",
  )
  .argument("<stack>", "name of the stack, for example dev")
  .option("--steps <file>", "output of `pulumi preview --json`")
  .option("--json", "prints JSON instead of text")
  .option("--report <file>", "also writes the JSON to a file, for preview --violations")
  .option("--config-dir <dir>", "folder of the stacks' files", ".")
  .examples(
    "npx platform policy dev",
    ["npx platform policy prod --steps steps.json", "after: pulumi preview --json > steps.json"],
    ["npx platform policy prod --report violations.json", "text, and JSON for other programs"],
  )
  .exitCodes({
    0: "no mandatory rule is broken",
    1: "a mandatory rule is broken, or the stack cannot be declared",
  })
  .action(check);

runVerb(program);
