import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";

/** A file of a machine. */
export interface PlanFile {
  /** Path on the machine. */
  path: string;
  text: string;
  /** Its permissions; the owner is root. Default: 644. */
  mode?: "600" | "644" | "755";
}

/** Returns YAML documents as one text. */
export function yaml(...documents: object[]): string {
  return documents.map((it) => stringify(it, { lineWidth: 0 })).join("---\n");
}

/** Returns the text of a script in `provision/scripts/`. */
export function scriptText(name: string): string {
  return readFileSync(join(__dirname, "scripts", name), "utf8");
}
