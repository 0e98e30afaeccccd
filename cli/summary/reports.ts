import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { jsonOr } from "../../engine/json";
import { marker } from "../preview/comment";
import { lastLine, type Comments } from "../preview/api-client";

/** Result of the preview of one stack. */
export interface Summed {
  stack: string;
  /** `missing` if its job left no report. */
  result: "missing" | "failed" | "dangerous" | "calm" | "unchanged";
  counts?: { create: number; update: number; delete: number };
  dangers: number;
  /** The first error or danger. */
  reason?: string;
  /** URL of the stack's own comment. */
  comment?: string;
  /** URL of its job. */
  job?: string;
}

/** The part of a preview's JSON that a summary needs. */
const report = z.object({
  stack: z.string(),
  verdict: z.enum(["failed", "dangerous", "calm"]),
  create: z.number().default(0),
  update: z.number().default(0),
  delete: z.number().default(0),
  dangers: z.array(z.object({ text: z.string() })).default([]),
  errors: z.array(z.string()).default([]),
  job: z.string().optional(),
});

/**
 * Reads the reports of previews in a folder, `<stack>.json` each.
 * @param stacks the stacks that were previewed. Default: those that have a report.
 */
export function readReports(folder: string, stacks: readonly string[]): Summed[] {
  const present = existsSync(folder)
    ? readdirSync(folder).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? [])
    : [];
  const names = stacks.length > 0 ? stacks : present.sort();
  return names.map((stack) => readSummed(join(folder, `${stack}.json`), stack));
}

function readSummed(file: string, stack: string): Summed {
  if (!existsSync(file)) {
    return { stack, result: "missing", dangers: 0, reason: "its job left no report; see its log" };
  }
  const parsed = report.safeParse(jsonOr(undefined, readFileSync(file, "utf8")));
  if (!parsed.success) {
    return { stack, result: "missing", dangers: 0, reason: "its report cannot be read" };
  }
  const { verdict, create, update, delete: gone, dangers, errors, job } = parsed.data;
  const isCalm = verdict === "calm" && create + update + gone === 0;
  return {
    stack,
    result: isCalm ? "unchanged" : verdict,
    counts: { create, update, delete: gone },
    dangers: dangers.length,
    reason: errors[0] ?? dangers[0]?.text,
    job,
  };
}

/** Adds the URL of each stack's own comment to the reports. */
export async function withComments(all: readonly Summed[], comments: Comments): Promise<Summed[]> {
  const byMarker = new Map(all.map((each) => [marker(each.stack), each.stack]));
  const urls = new Map<string, string>();
  for await (const { body, url } of comments.own()) {
    const stack = byMarker.get(lastLine(body));
    if (stack !== undefined && url !== undefined) urls.set(stack, url);
  }
  return all.map((each) => {
    const comment = urls.get(each.stack);
    return comment === undefined ? each : { ...each, comment };
  });
}
