import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeBoard } from "../../cli/board/write";
import { Browser } from "../support/browser";
import { chromiumCommand } from "../support/chromium";
import { boardIn, company } from "../unit/cli/board/support";
import { declared, type Project } from "../unit/cli/fleet/support";

const hostile = "<img src=x onerror=\"document.title='taken'\">";

/** Names of the visible apps, in their order. */
const shownNames = `[...document.querySelectorAll("tbody tr")]
  .filter((row) => row.offsetHeight > 0)
  .map((row) => row.querySelector("a").textContent)`;

describe("the board in a browser", () => {
  let browser: Browser;
  let project: Project;

  before(async function () {
    const found = await chromiumCommand();
    if (found instanceof Error) {
      this.test?.parent?.tests.forEach((test) => (test.title += ` (skipped: ${found.message})`));
      return this.skip();
    }
    browser = await Browser.start(found);
  });
  after(() => browser?.close());
  afterEach(() => project?.remove());

  /** Writes the board of some apps. @returns its URL. */
  function written(apps: string[], change: (made: Project) => void = () => undefined): string {
    project = company(apps);
    change(project);
    writeBoard(boardIn(project), join(project.folder, "board"));
    return pathToFileURL(join(project.folder, "board", "index.html")).href;
  }

  /** Names of the apps that a look shows. */
  async function names(url: string, hash: string): Promise<string[]> {
    await browser.open("about:blank");
    await browser.open(`${url}${hash}`);
    return browser.evaluate(shownNames);
  }

  const hostileApp = (made: Project) =>
    made.stack("dev", {
      "platform:environment": "dev",
      "platform:apps": { [hostile]: declared({ team: hostile, stable: { version: hostile } }) },
    });

  it("runs its own script, which its policy allows, and no script in a name", async () => {
    const url = written(["shop", "news", "cart", "mail"], hostileApp);
    assert.equal((await names(url, "")).length, 5);
    assert.equal(await browser.evaluate(`document.querySelector("output").value`), "5 of 5 apps");
    assert.equal(await browser.evaluate("document.title"), "Apps in dev, gray, online");
    assert.equal(await browser.evaluate("document.images.length"), 0);
  });

  it("filters by team, by state and by search words, as in its address", async () => {
    const url = written(["shop", "news", "cart", "mail"]);
    assert.deepEqual(await names(url, "#team=commerce"), ["mail", "shop"]);
    assert.deepEqual(await names(url, "#state=canary&sort=team"), ["mail", "shop"]);
    assert.deepEqual(await names(url, "#q=news%20content"), ["news"]);
    assert.deepEqual(await names(url, "#q=nothing"), []);
  });

  it("sorts", async () => {
    const url = written(["shop", "news", "cart", "mail"]);
    const byName = await names(url, "");
    const byChange = await names(url, "#sort=changed");
    assert.deepEqual([...byChange].sort(), byName);
    assert.notDeepEqual(byChange, byName);
  });

  it("stays fast with 700 apps in three environments", async () => {
    const apps = Array.from({ length: 700 }, (_, index) => `app-${index}`);
    const url = written(apps, (made) => made.recordAll());
    const { size } = statSync(join(project.folder, "board", "index.html"));
    assert.ok(size < 2 * 2 ** 20, `${size} bytes`);
    await browser.open(url);
    assert.equal((await browser.evaluate<string[]>(shownNames)).length, 700);
    assert.equal(
      await browser.evaluate(`performance.getEntriesByType("resource").length`),
      0,
      "it loads nothing but itself",
    );
    // What an opening costs is proportional to these: its time is in docs/performance.md.
    const elements = await browser.evaluate<number>(`document.querySelectorAll("*").length`);
    assert.ok(elements < 700 * 3 * 15, `${elements} elements`);
    const { LayoutCount: before } = await browser.counters();
    assert.ok(before < 50, `${before} layouts at the opening`);
    await browser.evaluate(`(() => {
      const { elements } = document.forms[0];
      elements.team.value = "commerce";
      elements.sort.value = "changed";
      elements.sort.dispatchEvent(new Event("input", { bubbles: true }));
    })()`);
    assert.equal((await browser.evaluate<string[]>(shownNames)).length, 234);
    const { LayoutCount: after } = await browser.counters();
    // A script that reads sizes between its changes has one for each row.
    assert.ok(after - before < 50, `${after - before} layouts for a filter`);
  });
});
