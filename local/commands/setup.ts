import { Command, Option } from "commander";
import type { Purpose } from "../toolchain/tool";
import { main } from "./main";
import { setUp } from "./prepare";

const command = new Command("setup")
  .description("Prepares tools, plugins and custom resource definitions.")
  .addOption(
    new Option("--for <purpose>", "purpose of the tools").choices([
      "local",
      "machines",
      "test",
      "nightly",
      "bench",
    ]),
  );

main(async () => {
  await setUp(command.parse().opts<{ for?: Purpose }>().for ?? "local");
});
