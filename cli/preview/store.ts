import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NormalPlan } from "./plan";

/** Folder of the plans that were previewed, by their hash; git ignores it, CI hands it on. */
export const planFolder = join(".local", "previews");

/** Keeps a plan, so that a later difference to it can be shown. No secret is in it. */
export function keepPlan(hash: string, plan: NormalPlan, folder: string = planFolder): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${hash}.json`), `${JSON.stringify(plan, null, 2)}\n`);
}

/** The plan of a hash; nothing when it was previewed elsewhere. */
export function keptPlan(hash: string, folder: string = planFolder): NormalPlan | undefined {
  const file = join(folder, `${hash}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as NormalPlan) : undefined;
}
