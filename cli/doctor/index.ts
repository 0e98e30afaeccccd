import { runVerb } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
import { parseStack } from "../../config";
import { stackFileConfig } from "../../config/stack-file";
import { platformValues } from "../../config/yaml";
import { kubernetesObjects } from "../../render/objects";
import { recordStack } from "../../render/stack";
import { DoctorApi } from "./api";
import { examine } from "./examine";
import { exitCodeOf } from "./finding";
import { probe } from "./probe";
import { reportJson, reportText } from "./report";

interface Options {
  json?: boolean;
  probe?: boolean;
  configDir: string;
}

/** `npx platform doctor <stack>`: reports what the stack needs and its cluster lacks. */
async function doctor(stack: string, options: Options): Promise<void> {
  const config = parseStack(stack, platformValues(stackFileConfig(stack, options.configDir)));
  const { registrations } = await recordStack(stack, options.configDir);
  const objects = kubernetesObjects(registrations);
  const api = await DoctorApi.of(config.cluster);
  try {
    const found = await examine({ api, config, objects, now: () => new Date() });
    if (options.probe === true) found.push(await probe(api, config));
    console.log(options.json === true ? reportJson(stack, found) : reportText(stack, found));
    process.exitCode = exitCodeOf(found);
  } finally {
    api.close();
  }
}

const program = new VerbCommand("npx platform doctor")
  .description(
    "Inspects the cluster that a stack names, and reports what the stack needs and the cluster lacks. Only reads, except with --probe.",
  )
  .argument("<stack>", "name of the stack, for example prod")
  .option(
    "--probe",
    "runs two pods in a temporary namespace to test whether network policies are enforced",
  )
  .option("--json", "prints JSON instead of a table")
  .option("--config-dir <dir>", "folder of the stacks' files", ".")
  .examples(
    "npx platform doctor prod",
    ["npx platform doctor prod --probe", "before the first update"],
    "npx platform doctor prod --json",
  )
  .exitCodes({
    0: "nothing is missing",
    1: "something is missing, or the cluster could not be read",
    3: "there are warnings, or a check has no result: a person has to decide",
  })
  .action(doctor);

runVerb(program);
