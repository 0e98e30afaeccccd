import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { appPage } from "./app-page";
import type { Board, BoardApp } from "./data";
import { pageName } from "./names";
import { overview } from "./overview";

/**
 * Writes the board into a new folder, or over an earlier board. The pages of apps that no longer exist are
 * removed.
 * @throws Error if the folder contains anything else.
 */
export function writeBoard(board: Board, folder: string): void {
  const foreign = [
    ...filesIn(folder).filter((file) => !["index.html", "apps"].includes(file)),
    ...filesIn(join(folder, "apps")).filter((file) => !file.endsWith(".html")),
  ];
  if (foreign[0] !== undefined) {
    throw new Error(
      `--out: expected a new folder or one with an earlier board, got ${folder}, which holds ${foreign[0]}`,
    );
  }
  const pages = join(folder, "apps");
  rmSync(pages, { recursive: true, force: true });
  mkdirSync(pages, { recursive: true });
  writeFileSync(join(folder, "index.html"), overview(board));
  const byName = new Map<string, BoardApp[]>();
  for (const each of board.apps) {
    const known = byName.get(each.app.app);
    if (known === undefined) byName.set(each.app.app, [each]);
    else known.push(each);
  }
  for (const [name, all] of byName) {
    writeFileSync(join(pages, pageName(name)), appPage(name, all, board.at));
  }
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
