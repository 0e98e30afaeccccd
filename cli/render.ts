import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { shownPath } from "../local/commands/caller";
import { runVerb } from "../local/commands/main";
import { VerbCommand } from "../local/commands/verb-command";
import { fileName, kubernetesObjects } from "../render/objects";
import { recordStack } from "../render/stack";

/** `npx platform render <stack> <dir>`: writes every object of a stack as YAML, without a cluster. */
async function render(stack: string, folder: string): Promise<void> {
  const { registrations } = await recordStack(stack);
  const objects = kubernetesObjects(registrations);
  emptyFolder(folder);
  for (const object of objects) {
    writeFileSync(
      join(folder, fileName(object)),
      stringify(object, { sortMapEntries: true, compat: "yaml-1.1" }),
    );
  }
  console.log(`Wrote ${objects.length} objects of stack ${stack} to ${shownPath(folder)}.`);
}

/** Creates the folder, or removes an earlier rendering from it. A folder with other content is refused. */
function emptyFolder(folder: string): void {
  const present = existsSync(folder) ? readdirSync(folder) : [];
  const foreign = present.find((file) => !/^[a-z0-9-]+\.[a-z0-9]+\.[a-z0-9.:-]+\.yaml$/.test(file));
  if (foreign !== undefined) {
    throw new Error(
      `${folder} holds ${foreign}, which is not a rendered object; name an empty or a new folder.`,
    );
  }
  for (const file of present) rmSync(join(folder, file));
  mkdirSync(folder, { recursive: true });
}

const program = new VerbCommand("npx platform render")
  .description("Writes every Kubernetes object of a stack as one YAML file each.")
  .argument("<stack>", "name of the stack, for example dev")
  .argument(
    "<dir>",
    "folder for the files: new, empty, or with an earlier rendering, which is replaced",
  )
  .examples("npx platform render dev out")
  .action(render);

runVerb(program);
