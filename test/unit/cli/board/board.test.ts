import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { appPage } from "../../../../cli/board/app-page";
import { changesOf, requestUrl } from "../../../../cli/board/changes";
import { escaped, markup } from "../../../../cli/board/html";
import { pageName } from "../../../../cli/board/names";
import { overview } from "../../../../cli/board/overview";
import { writeBoard } from "../../../../cli/board/write";
import { gitIn } from "../../../../cli/preview/commits";
import { declared, now, Project, record } from "../fleet/support";
import { boardIn, company } from "./support";

const hostile = `<script>alert(1)</script>"'&\u202e`;

/** Returns the visible text of a page. */
function words(page: string): string {
  const body = page.slice(page.indexOf("<body>"));
  return body.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

describe("the board", () => {
  let project: Project;
  beforeEach(() => {
    project = company(["shop", "news", "cart"]);
  });
  afterEach(() => project.remove());

  it("shows releases with shares, the remaining soak time, the check's numbers and kept releases", () => {
    const [, , , last = ""] = overview(boardIn(project)).split("<tr\n");
    const row = words(`<body><tr ${last}`);
    assert.match(row, /shop commerce/);
    assert.match(row, /1\.4\.2 90% 1\.5\.0 10% soaked, pass, 4211 requests, 2 d ago kept 1\.4\.1/);
    assert.match(row, /2026-11-\d\d/);
    const releases = {
      ...record(),
      guard: { forcedCanary: true, soak: 7 * 86_400, checkRequired: true, freezes: [] },
    };
    project.recorded("online", { shop: releases });
    assert.match(words(overview(boardIn(project))), /soak 4 d left/);
  });

  it("marks freezes, failed checks, changes that are not applied or not recorded, and drift", () => {
    const freeze = { until: "2026-12-01T00:00:00Z", reason: "sale" };
    project.app("apps/online/news.yaml", declared({ freeze, stable: { version: "2.0.0" } }));
    project.recorded("dev", {});
    const failed = record();
    const check = {
      verdict: "fail",
      at: "2026-11-26T10:00:00.000Z",
      release: "1.5.0",
      samples: 900,
    };
    const { releases } = failed as { releases: Record<string, object> };
    releases["1.5.0"] = { ...releases["1.5.0"], check };
    project.recorded("gray", { shop: failed });
    const page = words(
      overview(boardIn(project, ({ app }) => (app === "cart" ? ["by hand"] : []))),
    );
    for (const mark of [
      /frozen until 2026-12-01/,
      /check failed/,
      /not applied yet/,
      /not recorded/,
      /cluster differs/,
    ]) {
      assert.match(page, mark);
    }
  });

  it("has a page for each app, with its history, changes to its file and links to web UIs", () => {
    const { apps } = boardIn(project);
    const page = appPage(
      "shop",
      apps.filter(({ app }) => app.app === "shop"),
      now,
    );
    assert.match(words(page), /promote 1\.4\.1 → 1\.4\.2/);
    assert.match(words(page), /canary start 1\.5\.0 at 10%/);
    assert.match(words(page), /Release it as a canary 3f2c1a9d0e !\d+/);
    assert.match(page, /href="https:\/\/git\.example\.com\/ops\/platform\/-\/merge_requests\/\d+"/);
    assert.match(
      page,
      /href="https:\/\/grafana\.platform\.example\.com\/d\/platform-app\?var-namespace=commerce-online&amp;var-app=shop"/,
    );
    assert.match(page, /href="https:\/\/kibana\.platform\.example\.com\/app\/discover/);
    assert.match(page, /href="https:\/\/ci\.platform\.example\.com\/job\/commerce\/job\/shop\/"/);
  });

  it("escapes text from outside everywhere in a page", () => {
    project.stack("dev", {
      "platform:environment": "dev",
      "platform:domain": hostile,
      "platform:components": { monitoring: { pages: { grafana: "javascript:alert(1)" } } },
      "platform:apps": {
        [hostile]: declared({
          team: hostile,
          domain: hostile,
          preset: hostile,
          stable: { version: hostile },
        }),
        "../../outside": declared({ freeze: { until: "2026-12-01T00:00:00Z", reason: hostile } }),
      },
    });
    const board = boardIn(project, () => [hostile]);
    board.problems.push(hostile);
    for (const { changes } of board.apps) {
      changes.forEach(({ change }) => Object.assign(change, { by: hostile, subject: hostile }));
    }
    const pages = [overview(board), appPage(hostile, board.apps, now)];
    for (const page of pages) {
      assert.ok(page.includes("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\ufffd"));
      assert.ok(!page.includes("<script>alert"));
      assert.ok(!page.includes("\u202e"));
      assert.doesNotMatch(page, /javascript:/);
    }
  });

  it("keeps every page inside its folder, whatever the name of the app", () => {
    for (const name of ["../../outside", "a/b", "", ".", "a".repeat(300), "index.html?"]) {
      assert.match(pageName(name), /^_[0-9a-f]{16}\.html$/);
    }
    assert.equal(pageName("shop"), "shop.html");
  });

  it("loads nothing from elsewhere, and makes the browser enforce this", () => {
    const page = overview(boardIn(project));
    assert.match(page, /Content-Security-Policy" content="default-src &#39;none&#39;;/);
    assert.doesNotMatch(page, /<(link|img|iframe|object)\b|\bsrc=|@import|url\(/);
  });

  it("is written into its own folder, and removes the pages of deleted apps", () => {
    const out = join(project.folder, "board");
    writeBoard(boardIn(project), out);
    writeFileSync(join(out, "apps", "gone.html"), "");
    writeBoard(boardIn(project), out);
    assert.deepEqual(readdirSync(join(out, "apps")).sort(), [
      "cart.html",
      "news.html",
      "shop.html",
    ]);
    assert.throws(
      () => writeBoard(boardIn(project), project.folder),
      /--out: expected a new folder or one with an earlier board, got .*, which holds Pulumi\.dev\.yaml/,
    );
    assert.ok(existsSync(join(project.folder, "Pulumi.dev.yaml")));
    assert.ok(readFileSync(join(out, "index.html"), "utf8").includes("shop"));
  });
});

describe("values in a page", () => {
  it("are escaped, and missing ones are not shown", () => {
    assert.equal(
      markup`<p title="${'"'}">${["a", markup`<b>${"<"}</b>`, undefined, false, 0]}</p>`.text,
      '<p title="&quot;">a<b>&lt;</b>0</p>',
    );
    assert.equal(escaped("\u0000\u2066"), "\ufffd\ufffd");
  });
});

describe("the changes of files", () => {
  let project: Project;
  const git = (...args: string[]) => project.git(...args);
  beforeEach(() => {
    project = new Project();
    git("init", "--quiet", "--initial-branch=main");
  });
  afterEach(() => project.remove());

  it("belong to one file each, the latest first, with the merge request that contained them", () => {
    project.app("apps/prod/shop.yaml", declared()).app("apps/prod/news.yaml", declared());
    git("add", ".");
    git("commit", "--quiet", "-m", "Declare both");
    git("checkout", "--quiet", "-b", "canary");
    project.app("apps/prod/shop.yaml", declared({ canary: { version: "2", weight: 1 } }));
    git("commit", "--quiet", "-am", "Release shop 2");
    git("checkout", "--quiet", "main");
    git(
      "merge",
      "--quiet",
      "--no-ff",
      "-m",
      "Merge branch canary",
      "-m",
      "See merge request ops/platform!12",
      "canary",
    );
    project.app("apps/prod/news.yaml", declared({ number: 4 }));
    git("commit", "--quiet", "-am", "Number news (#13)");
    const changes = changesOf(gitIn(project.folder));
    const told = (file: string) =>
      changes.get(file)?.map(({ by, subject, request }) => [by, subject, request].join(" "));
    assert.deepEqual(told("apps/prod/shop.yaml"), ["Ann Release shop 2 !12", "Ann Declare both "]);
    assert.deepEqual(told("apps/prod/news.yaml"), [
      "Ann Number news (#13) #13",
      "Ann Declare both ",
    ]);
  });

  it("are empty outside a repository", () => {
    assert.equal(changesOf(() => undefined).size, 0);
  });

  for (const [remote, url] of [
    [
      "https://user:token@git.example.com/ops/platform.git",
      "https://git.example.com/ops/platform/-/merge_requests/12",
    ],
    [
      "git@git.example.com:ops/platform.git",
      "https://git.example.com/ops/platform/-/merge_requests/12",
    ],
    [
      "ssh://git@git.example.com:2222/ops/platform",
      "https://git.example.com/ops/platform/-/merge_requests/12",
    ],
    ["/srv/git/platform", undefined],
  ] as const) {
    it(`link to ${url ?? "no page"} from ${remote.replace("user:token@", "…@")}`, () => {
      assert.equal(
        requestUrl("!12", () => remote),
        url,
      );
    });
  }

  it("link to a pull request if its number has the prefix of one", () => {
    assert.equal(
      requestUrl("#7", () => "https://github.com/a/b"),
      "https://github.com/a/b/pull/7",
    );
  });
});
