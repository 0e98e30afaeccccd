import { join } from "node:path";
import { firstLineOf } from "../../config/reason";
import { pulumiEngine, type Engine } from "../../engine/runs";
import { declare, type Declare } from "./declared";
import { discover, platformStackOf } from "./discover";
import { hashedConfig, inputsHash, programHash } from "./inputs";
import { Memory } from "./memory";

/**
 * Stores what a stack declared in an update that has just succeeded, for `--changed` in later pipelines. A
 * failure is only a warning: the stack then runs once more than necessary.
 */
export async function rememberUpdate(
  stack: string,
  engine: Pick<Engine, "lastUpdates" | "outputs"> = pulumiEngine,
  declaring: Declare = declare,
  folder = join(".local", "stacks"),
  project = ".",
): Promise<void> {
  try {
    const entry = discover(project, stack, project).find(({ name }) => name === stack);
    const lastUpdate = (await engine.lastUpdates()).get(stack);
    const outputs = await engine.outputs(stack);
    if (entry?.error !== undefined || !entry || lastUpdate === undefined || !outputs) return;
    const named = platformStackOf(entry);
    const platform = named && (await engine.outputs(named))?.["platform"];
    const declared = await declaring(entry, { outputs, platform });
    if (declared === undefined) return;
    const inputs = inputsHash(hashedConfig(entry, project), programHash(project), platform);
    new Memory(folder).write(stack, { inputs, lastUpdate, declared });
  } catch (error) {
    const reason = firstLineOf(error);
    console.error(`  WARNING: what stack ${stack} declares was not stored: ${reason}`);
  }
}
