import { Command } from "commander";
import { ensureCrds } from "../toolchain/crds";
import { main } from "./main";

const command = new Command("npx platform crds").description(
  "Fetches the custom resource definitions that the stacks' config names, with their checksums.",
);

main(() => command.action(fetchCrds).parseAsync());

async function fetchCrds(): Promise<void> {
  await ensureCrds();
}
