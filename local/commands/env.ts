import { quoted } from "../../config/shell";
import { complete } from "../toolchain/build";
import { toolFolder, toolsFor } from "../toolchain/install";
import { localEnvironment } from "./environment";
import { runVerb } from "./main";
import { VerbCommand } from "./verb-command";

/** `npx platform local env`: prints the environment of the local cluster for a shell to evaluate. */
const command = new VerbCommand("npx platform local env")
  .description("Prints the environment of the local cluster for a shell to evaluate.")
  .examples('eval "$(npx platform local env)"')
  .action(printEnvironment);

runVerb(command);

function printEnvironment(): void {
  const missing = toolsFor("local").filter((tool) => !complete(tool, toolFolder(tool)));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(", ");
    throw new Error(`Missing tools: ${names}. Run "npx platform local up" first.`);
  }
  for (const [name, value] of Object.entries(localEnvironment())) {
    console.log(`export ${name}=${quoted(value)}`);
  }
}
