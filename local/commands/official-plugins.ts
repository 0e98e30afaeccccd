import { join } from "node:path";
import { Command } from "commander";
import { linkOfficial } from "../compare/official";
import { localFolder } from "../toolchain/paths";
import { runVerb } from "./main";
import { setUp } from "./prepare";

const command = new Command("npx platform plugins official")
  .description("Links the official plugins of this computer into one folder, and prints its path.")
  .addHelpText("after", '\nExample: PATH="$(npx platform plugins official):$PATH" npm test');

runVerb(command.action(link));

async function link(): Promise<void> {
  await setUp("test");
  const folder = join(localFolder, "official-plugins");
  linkOfficial(folder);
  console.log(folder);
}
