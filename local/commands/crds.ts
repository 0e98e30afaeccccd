import { ensureCrds } from "../toolchain/crds";
import { runVerb } from "./main";
import { VerbCommand } from "./verb-command";

const command = new VerbCommand("npx platform crds")
  .description(
    "Fetches the custom resource definitions that the stacks' config names, with their checksums.",
  )
  .examples("npx platform crds");

runVerb(command.action(fetchCrds));

async function fetchCrds(): Promise<void> {
  await ensureCrds();
}
