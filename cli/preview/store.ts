import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ImportFile } from "./import-file";
import type { NormalPlan } from "./plan";

/** Folder of previewed plans, by their hash. Git ignores it, and CI passes it from job to job. */
export const planFolder = join(".local", "previews");

/** Stores a plan, so that a later difference from it can be shown. It contains no secrets. */
export function keepPlan(hash: string, plan: NormalPlan, folder: string = planFolder): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${hash}.json`), `${JSON.stringify(plan, null, 2)}\n`);
}

/** Returns the plan with a hash; undefined if it was previewed elsewhere. */
export function keptPlan(hash: string, folder: string = planFolder): NormalPlan | undefined {
  const file = join(folder, `${hash}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as NormalPlan) : undefined;
}

/** Folder of the files for `pulumi import`. Git ignores it. */
const importFolder = join(".local", "import");

/** Stores what adds existing objects to a stack's state. It contains no secrets. @returns the path. */
export function keepImportFile(
  stack: string,
  file: ImportFile,
  folder: string = importFolder,
): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${stack}.json`);
  writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
  return path;
}
