import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ComparedDefinitions } from "../../local/toolchain/comparison-tools";
import { moduleFolder } from "../../local/toolchain/go-module";
import { localFolder } from "../../local/toolchain/paths";
import { replaceFile } from "../../local/toolchain/replace-file";

/** Returns the file to which the CRDs of a compared system are written. */
export function definitionsFile({ name, version }: ComparedDefinitions): string {
  return join(localFolder, "crds", `${name}-v${version}.yaml`);
}

/**
 * Writes the CRDs of a compared system as they are published, because some are YAML that only Go's parser accepts.
 * @throws Error for another checksum than the expected one.
 */
export async function ensureDefinitions(definitions: ComparedDefinitions): Promise<void> {
  const { name, module, version, files, sha256 } = definitions;
  const path = definitionsFile(definitions);
  if (existsSync(path) && checksum(readFileSync(path, "utf8")) === sha256) return;
  const folder = await moduleFolder(module, `v${version}`);
  const text = files.map((file) => `---\n${readFileSync(join(folder, file), "utf8")}`).join("");
  const found = checksum(text);
  if (found !== sha256) {
    throw new Error(
      `${name} ${version}: expected definitions with the checksum ${sha256}, got ${found}; they are not used.`,
    );
  }
  mkdirSync(dirname(path), { recursive: true });
  replaceFile(path, text);
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
