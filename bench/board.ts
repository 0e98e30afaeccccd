import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser, type Opening } from "../test/support/browser";
import { chromiumCommand } from "../test/support/chromium";
import { company } from "../test/unit/cli/board/support";
import { measure } from "./measure/command";
import { measureInterleaved, type Alternative } from "./measure/rounds";
import type { Report } from "./measure/report";
import type { Say } from "./world";
import type { Project } from "../test/unit/cli/fleet/support";

const environments = 3;

/** The browser's own timings of an opening, by their names. */
const moments: Record<Exclude<keyof Opening, "longestTask">, string> = {
  firstContentfulPaint: "first contentful paint",
  domInteractive: "DOM interactive",
  loadEventEnd: "load event",
};

/**
 * Measures the board for many apps in three environments: how long it takes to write it, and to open it in a new
 * browser, compared with a page without apps.
 */
export async function boardBenchmark(apps: number, rounds: number, say: Say): Promise<Report> {
  const chromium = await chromiumCommand();
  if (chromium instanceof Error) throw chromium;
  const folder = mkdtempSync(join(tmpdir(), "board-"));
  const project = company(Array.from({ length: apps }, (_, index) => `app-${index}`));
  const none = company([]);
  let longest = 0;
  try {
    const out = (made: Project) => join(folder, made === none ? "none" : "board");
    const write = [process.execPath, "--require", "./bin/typescript.cjs", "bench/make-board.ts"];
    const writeBoard = (made: Project) => measure({ line: [...write, made.folder, out(made)] });
    await writeBoard(none);
    const title = `write the board, ${apps} apps in ${environments} environments`;
    const openings = [none, project].flatMap((made) =>
      (Object.keys(moments) as (keyof typeof moments)[]).map((moment): Alternative => {
        const name = (which: Project) =>
          `open the board of ${which === none ? "no" : apps} apps: ${moments[moment]}`;
        return {
          name: name(made),
          run: async () => {
            const opened = await measureOpening(chromium, join(out(made), "index.html"));
            longest = Math.max(longest, opened.longestTask);
            return { seconds: opened[moment], cpuSeconds: opened.cpuSeconds };
          },
          against: made === none ? undefined : name(none),
        };
      }),
    );
    const results = await measureInterleaved(
      rounds,
      [{ name: title, run: () => writeBoard(project) }, ...openings],
      say,
    );
    const size = (statSync(join(out(project), "index.html")).size / 2 ** 20).toFixed(2);
    const busy = (longest * 1000).toFixed(0);
    return {
      name: "board",
      title: "The board",
      results,
      notes: [
        `The page has ${size} MiB. Its main thread was never busy for more than ${busy} ms without a break.`,
      ],
    };
  } finally {
    project.remove();
    none.remove();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Opens a page in a new browser. @returns its timings, and the CPU time of the page's main thread. */
async function measureOpening(
  command: string[],
  file: string,
): Promise<Opening & { cpuSeconds: number }> {
  const browser = await Browser.start(command);
  try {
    const opening = await browser.open(pathToFileURL(file).href);
    return { ...opening, cpuSeconds: (await browser.counters()).ThreadTime };
  } finally {
    await browser.close();
  }
}
