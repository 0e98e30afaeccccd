import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary } from "../local/toolchain/install";
import { writeChart } from "./chart";
import { appCount } from "./config";
import { measure } from "./measure/command";
import { measureInterleaved, type Alternative } from "./measure/rounds";
import type { Report } from "./measure/report";
import type { Say } from "./world";

/**
 * Measures how long it takes to create the objects of many apps without an engine or a cluster: by the program, and by
 * Helm from a chart of the same objects.
 * @param sizes numbers of apps.
 */
export async function programBenchmark(sizes: number[], rounds: number, say: Say): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "chart-"));
  try {
    const alternatives: Alternative[] = [];
    for (const apps of sizes) {
      const chart = join(folder, String(apps));
      await writeChart(chart, apps);
      const helm = `helm template, ${appCount(apps)}`;
      alternatives.push(
        {
          name: `program, ${appCount(apps)}`,
          run: () => measure({ line: [...declare, String(apps)] }),
          against: helm,
        },
        { name: helm, run: () => measure({ line: [binary("helm"), "template", chart] }) },
      );
    }
    const results = await measureInterleaved(rounds, alternatives, say);
    return { name: "program", title: "The program alone", results, notes: [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Measures how long it takes to determine which stacks declare something else after a change of the program. */
export async function benchmarkDeclaring(
  stacks: number,
  rounds: number,
  say: Say,
): Promise<Report> {
  const line = [process.execPath, "--require", "./bin/typescript.cjs", "bench/declare-stacks.ts"];
  const results = await measureInterleaved(
    rounds,
    [1, stacks].map((count) => ({
      name: `what ${count} app stacks declare`,
      run: () => measure({ line: [...line, String(count)] }),
    })),
    say,
  );
  return { name: "declared", title: "After a change of the program", results, notes: [] };
}

const declare = [process.execPath, "--require", "./bin/typescript.cjs", "bench/declare.ts"];
