import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { appPage } from "../../../cli/board/app-page";
import { overview } from "../../../cli/board/overview";
import { checkout } from "../../../local/toolchain/paths";
import type { View } from "../browser";
import { boardIn, company } from "../../unit/cli/board/support";
import { commentPage } from "./comment-page";

/** A picture in `docs/` of a page that the program writes. */
export interface Picture extends View {
  file: string;
  /** Returns the page as HTML. */
  page: () => string;
}

/** Hashes of what a picture was drawn from, and of its file. */
export interface Drawn {
  page: string;
  file: string;
}

/** All pictures of the documentation. */
export const pictures: Picture[] = [
  {
    ...{ file: "preview-example.png", width: 900 },
    page: () => commentPage(readFileSync(join(checkout, "docs/preview-example.md"), "utf8")),
  },
  { ...{ file: "board.png", width: 1000, height: 640 }, page: () => boardPages().all },
  { ...{ file: "board-phone.png", width: 500, height: 820 }, page: () => boardPages().all },
  {
    ...{ file: "board-app-dark.png", width: 1000, height: 640, dark: true },
    page: () => boardPages().app,
  },
];

/** Names of the apps on the board, by their places: a place decides about the canary, the freeze and the record. */
const apps = ["cart", "login", "mail", "news", "orders", "search", "shop", "stock"];

/** Returns the page of all apps of a company, and that of one app. */
function boardPages(): { all: string; app: string } {
  const project = company(apps);
  try {
    const board = boardIn(project);
    const cart = board.apps.filter(({ app }) => app.app === "cart");
    return { all: overview(board), app: appPage("cart", cart, board.at) };
  } finally {
    project.remove();
  }
}

/** Folder of the pictures. */
export const folder = join(checkout, "docs");

/** File with the hashes of all pictures. */
export const drawnFile = join(folder, "pictures.json");

/** Returns the hashes of all pictures when they were drawn, by file. */
export function drawnPictures(): Record<string, Drawn> {
  return JSON.parse(readFileSync(drawnFile, "utf8")) as Record<string, Drawn>;
}

/** Returns the hash of a page with the size and colors of its picture: only a change of these changes the picture. */
export function pageHash({ width, height, dark, page }: Picture): string {
  return hashOf(JSON.stringify([width, height, dark, page()]));
}

/** Returns the first 16 hexadecimal digits of the SHA-256 of a content. */
export function hashOf(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}
