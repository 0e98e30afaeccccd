import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser } from "../browser";
import { chromiumCommand } from "../chromium";
import { drawnFile, folder, hashOf, pageHash, pictures, type Drawn } from "./catalogue";

/** Draws all pictures of the documentation with Chromium, and records what they were drawn from. */
async function drawPictures(): Promise<void> {
  const command = await chromiumCommand();
  if (command instanceof Error) throw command;
  // Not in the project's folder: a Chromium in a root of its own sees only this system's temporary files.
  const temporary = mkdtempSync(join(tmpdir(), "pictures-"));
  const browser = await Browser.start(command);
  const drawn: Record<string, Drawn> = {};
  try {
    for (const picture of pictures) {
      const page = join(temporary, "page.html");
      writeFileSync(page, picture.page());
      const image = await browser.picture(pathToFileURL(page).href, picture);
      writeFileSync(join(folder, picture.file), image);
      drawn[picture.file] = { page: pageHash(picture), file: hashOf(image) };
      console.log(`docs/${picture.file}: ${Math.ceil(image.length / 1000)} kB`);
    }
  } finally {
    await browser.close();
    rmSync(temporary, { recursive: true, force: true });
  }
  writeFileSync(drawnFile, `${JSON.stringify(drawn, null, 2)}\n`);
}

drawPictures().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
