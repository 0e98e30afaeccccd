import { Command } from "commander";
import { ensureCrds } from "../toolchain/crds";
import { runVerb } from "./main";

const command = new Command("npx platform crds").description(
  "Fetches the custom resource definitions that the stacks' config names, with their checksums.",
);

runVerb(command.action(fetchCrds));

async function fetchCrds(): Promise<void> {
  await ensureCrds();
}
