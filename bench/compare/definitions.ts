import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureCheckedFile } from "../../local/toolchain/checked-file";
import type { ComparedDefinitions } from "../../local/toolchain/comparison-tools";
import { moduleFolder } from "../../local/toolchain/go-module";
import { localFolder } from "../../local/toolchain/paths";

/** Returns the file to which the CRDs of a compared system are written. */
export function definitionsFile({ name, version }: ComparedDefinitions): string {
  return join(localFolder, "crds", `${name}-v${version}.yaml`);
}

/**
 * Writes the CRDs of a compared system as they are published, because some are YAML that only Go's parser accepts.
 * @throws Error for another checksum than the expected one.
 */
export async function ensureDefinitions(definitions: ComparedDefinitions): Promise<void> {
  const { module, version, files } = definitions;
  await ensureCheckedFile(definitionsFile(definitions), definitions, async () => {
    const folder = await moduleFolder(module, `v${version}`);
    return files.map((file) => `---\n${readFileSync(join(folder, file), "utf8")}`).join("");
  });
}
