import { rmSync } from "node:fs";
import { join } from "node:path";
import { selectedFiles } from "../../config/app-files";
import { existingStackFile } from "../../config/stack-file";
import { configIn } from "../../config/yaml";
import { YamlFile } from "../release/yaml-file";

/**
 * Removes an app from a stack: its file, or its entry in the stack file. A folder, file or pattern in the stack
 * file that contains no other app is removed as well.
 * @returns the files that were changed or deleted.
 */
export function removeApp(app: string, stack: string, folder = "."): string[] {
  const path = existingStackFile(stack, folder);
  const main = new YamlFile(path);
  const entry = ["config", "platform:apps", app];
  if (main.document.hasIn(entry)) {
    main.document.deleteIn(entry);
    main.save();
    return [path];
  }
  const selection = configIn(path, main.document)["platform:appFiles"];
  const { origins } = selectedFiles(selection, folder);
  const file = origins[app];
  if (file === undefined) {
    throw new Error(
      `expected an app of stack ${stack}, got ${app}; it has ${Object.keys(origins).sort().join(", ") || "none in files"}`,
    );
  }
  const selectors = [selection].flat();
  const kept = selectors.filter((each) =>
    Object.values(selectedFiles(each, folder).origins).some((other) => other !== file),
  );
  if (kept.length === selectors.length) {
    rmSync(join(folder, file));
    return [file];
  }
  const key = ["config", "platform:appFiles"];
  if (kept.length === 0) main.document.deleteIn(key);
  else main.document.setIn(key, main.document.createNode(kept.length === 1 ? kept[0] : kept));
  // First, as it refuses a file that changed meanwhile.
  main.save();
  rmSync(join(folder, file));
  return [file, path];
}
