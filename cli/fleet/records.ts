import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { firstLineOf } from "../../config/reason";
import { jsonOr } from "../../engine/json";
import type { Engine } from "../../engine/runs";
import { replaceFile } from "../../local/toolchain/replace-file";
import { runJobs } from "../stacks/workers";

/** The apps' records of a stack's last update, or why they are not known. */
export type Recorded =
  | {
      kind: "known";
      releases: Record<string, unknown>;
      /** Namespace of each app. */
      namespaces: Record<string, string>;
      at?: string;
    }
  | { kind: "unknown"; reason: string };

const readKept = z.object({ lastUpdate: z.string(), outputs: z.record(z.string(), z.unknown()) });

/**
 * Outputs of stacks, each read once per update: the backend returns the times of all stacks' last updates in
 * one response, and only stacks whose time has changed are read.
 */
export class Outputs {
  constructor(
    private readonly folder: string,
    private readonly engine: Pick<Engine, "outputs">,
  ) {}

  /** Returns the outputs of a stack's last update; undefined if they cannot be read. */
  async of(stack: string, lastUpdate: string): Promise<Record<string, unknown> | undefined> {
    const known = this.kept(stack);
    if (known?.lastUpdate === lastUpdate) return known.outputs;
    const outputs = await this.engine.outputs(stack);
    if (outputs !== undefined) this.keep(stack, lastUpdate, outputs);
    return outputs;
  }

  private kept(stack: string): z.infer<typeof readKept> | undefined {
    const file = this.file(stack);
    if (!existsSync(file)) return undefined;
    const parsed = readKept.safeParse(jsonOr(undefined, readFileSync(file, "utf8")));
    // A damaged file only means that the outputs are read again.
    return parsed.success ? parsed.data : undefined;
  }

  private keep(stack: string, lastUpdate: string, outputs: Record<string, unknown>): void {
    mkdirSync(this.folder, { recursive: true });
    replaceFile(this.file(stack), `${JSON.stringify({ lastUpdate, outputs })}\n`);
  }

  private file(stack: string): string {
    return join(this.folder, `${stack}.outputs.json`);
  }
}

/**
 * Reads the records of many stacks, several at a time. A stack that cannot be read is unknown, with the reason.
 * The others are still read.
 */
export async function recordsOf(
  stacks: string[],
  engine: Pick<Engine, "outputs" | "lastUpdates">,
  folder: string,
  parallel: number,
): Promise<Map<string, Recorded>> {
  const outputs = new Outputs(folder, engine);
  let times: Map<string, string | undefined>;
  try {
    times = await engine.lastUpdates();
  } catch (error) {
    const reason = firstLineOf(error);
    return new Map(stacks.map((stack) => [stack, { kind: "unknown", reason }]));
  }
  const found = await runJobs(
    stacks,
    parallel,
    () => [],
    async (stack): Promise<[string, Recorded]> => [stack, await one(stack)],
  );
  return new Map(found);

  async function one(stack: string): Promise<Recorded> {
    if (!times.has(stack))
      return { kind: "unknown", reason: "the backend does not know the stack" };
    const at = times.get(stack);
    if (at === undefined) return { kind: "known", releases: {}, namespaces: {} };
    const read = await outputs.of(stack, at);
    if (read === undefined) return { kind: "unknown", reason: "its outputs cannot be read" };
    const { releases = {}, apps = {} } = read as {
      releases?: Record<string, unknown>;
      apps?: Record<string, { namespace?: string }>;
    };
    const namespaces = Object.entries(apps).flatMap(([app, { namespace }]) =>
      namespace === undefined ? [] : [[app, namespace] as const],
    );
    return { kind: "known", releases, namespaces: Object.fromEntries(namespaces), at };
  }
}

/** Placeholder of every record if records were not requested. */
export const notAsked: Recorded = { kind: "unknown", reason: "records were not read" };
