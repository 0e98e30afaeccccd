import { join } from "node:path";
import { linkOfficial } from "../compare/official";
import { localFolder } from "../toolchain/paths";
import { runVerb } from "./main";
import { VerbCommand } from "./verb-command";
import { setUp } from "./prepare";

const command = new VerbCommand("npx platform plugins official")
  .description("Links the official plugins of this computer into one folder, and prints its path.")
  .examples('PATH="$(npx platform plugins official):$PATH" npm test');

runVerb(command.action(link));

async function link(): Promise<void> {
  await setUp("test");
  const folder = join(localFolder, "official-plugins");
  linkOfficial(folder);
  console.log(folder);
}
