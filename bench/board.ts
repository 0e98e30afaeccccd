import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { company } from "../test/unit/cli/board/support";
import { measure } from "./measure/command";
import { interleaved, type Alternative } from "./measure/rounds";
import type { Report } from "./measure/report";
import type { Say } from "./world";

const environments = 3;

/**
 * Measures the board for many apps in three environments: how long it takes to write, and to open in a browser compared
 * with an empty page.
 */
export async function boardBenchmark(apps: number, rounds: number, say: Say): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "board-"));
  const project = company(Array.from({ length: apps }, (_, index) => `app-${index}`));
  try {
    const out = join(folder, "board");
    const write = [process.execPath, "--require", "./bin/typescript.cjs", "bench/make-board.ts"];
    const open = (address: string): Alternative["run"] => {
      const flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        `--user-data-dir=${folder}/profile`,
      ];
      return () => measure({ line: ["chromium", ...flags, "--dump-dom", address] });
    };
    const name = `write the board, ${apps} apps in ${environments} environments`;
    const results = await interleaved(
      rounds,
      [
        { name, run: () => measure({ line: [...write, project.folder, out] }) },
        { name: "open an empty page", run: open("about:blank") },
        {
          name: "open the board",
          run: open(pathToFileURL(join(out, "index.html")).href),
          against: "open an empty page",
        },
      ],
      say,
    );
    const size = (statSync(join(out, "index.html")).size / 2 ** 20).toFixed(2);
    return { name: "board", title: "The board", results, notes: [`The page has ${size} MiB.`] };
  } finally {
    project.remove();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
