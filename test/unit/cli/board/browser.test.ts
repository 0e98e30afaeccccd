import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeBoard } from "../../../../cli/board/write";
import { declared, type Project } from "../fleet/support";
import { boardIn, company } from "./support";

const hostile = "<img src=x onerror=\"document.title='taken'\">";

/**
 * Chromium from the system's packages, the only real browser that a package manager installs without a separate
 * download.
 */
const browser = ["chromium", "chromium-browser"].find(
  (name) => spawnSync(name, ["--version"]).status === 0,
);

describe("the board in a browser", () => {
  let project: Project;
  let page: string;

  before(function () {
    if (browser === undefined) {
      this.test?.parent?.tests.forEach(
        (test) => (test.title += " (skipped: no chromium on the PATH)"),
      );
      this.skip();
    }
    project = company(["shop", "news", "cart", "mail"]);
    project.stack("dev", {
      "platform:environment": "dev",
      "platform:apps": { [hostile]: declared({ team: hostile, stable: { version: hostile } }) },
    });
    writeBoard(boardIn(project), join(project.folder, "board"));
    page = pathToFileURL(join(project.folder, "board", "index.html")).href;
  });
  after(() => project?.remove());

  /** Returns the page after its script has run in the browser. */
  function shown(hash = ""): string {
    const profile = mkdtempSync(join(tmpdir(), "browser-"));
    const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
    const args = [...flags, `--user-data-dir=${profile}`, "--dump-dom", `${page}${hash}`];
    const { stdout, status, stderr } = spawnSync(browser ?? "", args, {
      encoding: "utf8",
      timeout: 50_000,
    });
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  /** Returns the names of the visible apps, in their order. */
  const rows = (dom: string) =>
    [...dom.matchAll(/<tr\s+data-at[^>]*>/g)].filter(([row]) => !row.includes("hidden")).length;
  const names = (dom: string) =>
    [...dom.matchAll(/<tr\s+data-at[^>]*>.*?<a [^>]*>(.*?)<\/a>/gs)]
      .filter(([row]) => !row.slice(0, row.indexOf(">")).includes("hidden"))
      .map(([, name]) => name);

  it("runs its own script, which its policy lets, and none that a name brings", () => {
    const dom = shown();
    assert.match(dom, />5 of 5 apps<|value="5 of 5 apps"/);
    assert.equal(rows(dom), 5);
    assert.match(dom, /<title>Apps in dev, gray, online<\/title>/);
    assert.ok(!/<img\b/.test(dom));
  });

  it("filters by team, by state and by words of a search, as its address says", () => {
    assert.deepEqual(names(shown("#team=commerce")), ["mail", "shop"]);
    assert.deepEqual(names(shown("#state=canary&sort=team")), ["mail", "shop"]);
    assert.deepEqual(names(shown("#q=news%20content")), ["news"]);
    assert.deepEqual(names(shown("#q=nothing")), []);
  });

  it("sorts", () => {
    const byName = names(shown());
    const byChange = names(shown("#sort=changed"));
    assert.deepEqual([...byChange].sort(), [...byName].sort());
    assert.notDeepEqual(byChange, byName);
  });
});
