import { LocalWorkspace, Stack, type EngineEvent } from "@pulumi/pulumi/automation";
import { reasonOf } from "../config/reason";
import { engineVariables, notStarted } from "./environment";
import type { Target } from "./pulumi";

/** What a preview reported. */
export interface PreviewRun {
  /** Events of the engine, in the order in which they came. */
  events: EngineEvent[];
  /** Error of the engine with its output; undefined if the preview succeeded. */
  failure: string | undefined;
  /** Version of the engine, for example `3.259.0`. */
  version: string;
}

/**
 * Runs `pulumi preview` for a stack with the program in the current folder.
 * @param refresh whether to read every object from the cluster first, with the program's own provider.
 * @throws Error if the engine does not know the stack, or is missing.
 */
export async function pulumiPreview(
  { stack, configFile }: Target,
  refresh: boolean,
): Promise<PreviewRun> {
  const workspace = await LocalWorkspace.create({
    workDir: process.cwd(),
    envVars: { ...engineVariables },
  }).catch((error: unknown) => {
    throw error instanceof Error && /ENOENT/.test(error.message)
      ? notStarted(new Error("spawn pulumi ENOENT"))
      : error;
  });
  // Selecting the stack would change the default stack of this user's later commands.
  workspace.selectStack = () => Promise.resolve();
  const selected = await Stack.select(stack, workspace);
  const events: EngineEvent[] = [];
  let failure: string | undefined;
  try {
    await selected.preview({
      configFile,
      color: "never",
      onEvent: (event) => events.push(event),
      // The program verifies the cluster before anything is read from it, and with the current
      // kubeconfig; a refresh before the program would read with the recorded one.
      ...(refresh ? { refresh, runProgram: true } : {}),
    });
  } catch (error) {
    failure = reasonOf(error);
  }
  return { events, failure, version: workspace.pulumiVersion };
}
