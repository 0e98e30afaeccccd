import { complete } from "../toolchain/build";
import { toolFolder, toolsFor } from "../toolchain/install";
import { quoted } from "../toolchain/plugins";
import { localEnvironment } from "./environment";
import { main } from "./main";

/** `npx platform local env`: prints the environment of the local cluster for a shell to evaluate. */
main(async () => {
  const missing = toolsFor("local").filter((tool) => !complete(tool, toolFolder(tool)));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(", ");
    throw new Error(`Not set up yet: ${names} is missing. Run "npx platform local up" first.`);
  }
  for (const [name, value] of Object.entries(localEnvironment())) {
    console.log(`export ${name}=${quoted(value)}`);
  }
});
