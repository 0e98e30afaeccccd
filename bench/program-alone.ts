import { appCount } from "./config";
import { measure } from "./measure/command";
import { interleaved } from "./measure/rounds";
import type { Report } from "./measure/report";
import type { Say } from "./world";

/** The program alone, without an engine or a cluster, for stacks of several sizes. */
export async function programBenchmark(sizes: number[], rounds: number, say: Say): Promise<Report> {
  const results = await interleaved(
    rounds,
    sizes.map((apps) => ({
      name: appCount(apps),
      run: () => {
        const line = ["--require", "tsx/cjs", "bench/program.ts", String(apps)];
        return measure({ line: [process.execPath, ...line] });
      },
    })),
    say,
  );
  return { name: "program", title: "The program alone", results, notes: [] };
}
