import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { propose } from "../../../../cli/pipeline/propose";
import { putComment } from "../../../../cli/preview/api-client";
import { marker } from "../../../../cli/preview/comment";
import { commentsOf } from "../../../../cli/preview/post";
import { postSummary } from "../../../../cli/summary/command";
import { readReports, withComments } from "../../../../cli/summary/reports";
import { summaryMarker, summaryText } from "../../../../cli/summary/text";

const calm = { verdict: "calm", create: 0, update: 0, delete: 0 };

describe("the comment that sums up all stacks", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "summary-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function report(stack: string, fields: object): void {
    writeFileSync(join(folder, `${stack}.json`), JSON.stringify({ stack, ...calm, ...fields }));
  }

  it("has the worst first, and counts those without changes", () => {
    report("a", {});
    report("b", { update: 2, job: "https://ci.test/b" });
    report("c", { verdict: "dangerous", update: 1, dangers: [{ text: "a | pipe" }] });
    report("d", { verdict: "failed", errors: ["boom", "more"] });
    const text = summaryText(readReports(folder, ["a", "b", "c", "d", "e"]));
    assert.equal(
      text,
      `**Stopped:** 5 stacks: 1 cannot be applied, 1 without a report, 1 with dangers, 1 with changes but no dangers.

| Stack | Result | Create | Update | Delete | Why |
| --- | --- | --- | --- | --- | --- |
| \`e\` | no report | - | - | - | \`its job left no report; see its log\` |
| \`d\` | stopped | 0 | 0 | 0 | \`boom\` |
| \`c\` | dangers | 0 | 1 | 0 | \`a \\| pipe\` |
| \`b\` [job](https://ci.test/b) | changes | 0 | 2 | 0 |  |

1 stack has no object changes.

${summaryMarker(1)}
`,
    );
    assert.match(summaryText(readReports(folder, ["a", "b"])), /^\*\*Nothing dangerous\*\* in 2/);
    assert.match(summaryText(readReports(folder, ["a"])), /^\*\*No object changes\*\* in 1 stack/);
  });

  it("treats an unreadable report as missing, and reads all reports of a folder if none is named", () => {
    writeFileSync(join(folder, "x.json"), "{");
    const [found] = readReports(folder, []);
    assert.equal(found?.result, "missing");
    assert.equal(found.reason, "its report cannot be read");
  });

  it("stays below the maximum length of servers, and keeps the worst", () => {
    for (let index = 0; index < 700; index += 1) {
      report(`app-${index}`, { verdict: "dangerous", dangers: [{ text: "x".repeat(900) }] });
    }
    report("z", { verdict: "failed", errors: ["boom"] });
    const text = summaryText(readReports(folder, []));
    assert.ok(text.length < 60_000, `${text.length}`);
    assert.match(text, /\| `z` \| stopped/);
    assert.match(text, /\d+ more are left out/);
  });

  it("breaks no link or row, whatever a report contains", () => {
    const evil = "https://x.test/) | [y](javascript:1)\n# title";
    report("a", { verdict: "failed", job: evil, errors: ["`a` @all | \n# x"] });
    const text = summaryText(readReports(folder, []));
    assert.equal(text.split("\n").length, summaryText([]).split("\n").length + 4);
    assert.doesNotMatch(text, /^#/m);
    assert.doesNotMatch(text, /\]\([^)]*\) \|[^|]*\]\(javascript/);
  });

  for (const kind of ["gitlab", "github", "gitea"] as const) {
    it(`is one comment on ${kind}, which links those of the stacks`, async () => {
      const api = new Recorder(kind);
      const comments = commentsOf(await api.start());
      try {
        report("a", { update: 1 });
        await putComment(comments, marker("a"), `stack a\n${marker("a")}`);
        await putComment(comments, marker("b"), `${marker("a")}\n${marker("b")}`);
        api.foreign(`not ours\n\n${marker("a")}`);
        for (const expected of ["created", "updated"]) {
          const all = await withComments(readReports(folder, ["a"]), comments);
          const done = await putComment(comments, summaryMarker(1), summaryText(all));
          assert.equal(done, expected);
        }
        assert.equal(api.bodies().length, 4);
        const url =
          kind === "gitlab"
            ? "https://git.test/p/-/merge_requests/9#note_1"
            : "https://git.test/c/1";
        assert.ok(api.bodies().at(-1)?.includes(`| \`a\` [comment](${url}) | changes |`));
      } finally {
        api.stop();
      }
    });
  }

  it("is one comment for each part of the stacks, and replaces those of former parts", async () => {
    const api = new Recorder("github");
    const comments = commentsOf(await api.start());
    const post = (number: number, of: number) =>
      postSummary(comments, { number, of }, summaryText(readReports(folder, []), { number, of }));
    const texts = () => api.bodies().map((text) => text.split("\n")[0]);
    try {
      report("a", { update: 1 });
      assert.equal(await post(2, 2), "created");
      assert.equal(await post(1, 2), "created");
      assert.match(texts()[0] ?? "", /1 with changes but no dangers\. This is part 2 of 2\.$/);
      assert.equal(await post(1, 1), "updated");
      assert.match(texts()[0] ?? "", /^The stacks of this comment are in another one now\.$/);
      assert.match(texts()[1] ?? "", /1 with changes but no dangers\.$/);
    } finally {
      api.stop();
    }
  });

  it("opens one pull request for each branch", async () => {
    const api = new Recorder("github");
    const environment = { ...(await api.start()), GITHUB_REF_NAME: "main", ADVANCE_TOKEN: "t0ken" };
    try {
      assert.equal(await propose(environment, "advance/prod", "next"), "opened");
      assert.equal(await propose(environment, "advance/prod", "next"), "already open");
      assert.deepEqual(api.pulls, [{ head: "advance/prod", base: "main", title: "next" }]);
      const wrong = { ...environment, ADVANCE_TOKEN: "other" };
      await assert.rejects(propose(wrong, "x", "y"), /answered 401 .*ADVANCE_TOKEN must be valid/);
    } finally {
      api.stop();
    }
  });
});

/**
 * A stub of the three servers, restricted to comments and pull requests: it rejects another token, stores what is
 * written, and returns URLs in their format.
 */
class Recorder {
  readonly pulls: object[] = [];
  private readonly comments: { id: number; body: string; mine: boolean }[] = [];
  private readonly server: Server;

  constructor(private readonly kind: "gitlab" | "github" | "gitea") {
    this.server = createServer((request, response) => {
      let text = "";
      request.on("data", (data: Buffer) => (text += data.toString()));
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        const token = headers["private-token"] ?? headers.authorization;
        const [status, body] = /t0ken$/.test(String(token))
          ? this.answer(method, url, text)
          : [401, { message: "401 Unauthorized" }];
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      });
    });
  }

  async start(): Promise<NodeJS.ProcessEnv> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const api = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    if (this.kind === "gitlab") {
      return {
        CI_API_V4_URL: api,
        CI_PROJECT_ID: "4",
        CI_MERGE_REQUEST_IID: "9",
        CI_MERGE_REQUEST_PROJECT_URL: "https://git.test/p",
        GITLAB_TOKEN: "t0ken",
      };
    }
    return {
      GITHUB_ACTIONS: "true",
      ...(this.kind === "gitea" ? { GITEA_ACTIONS: "true" } : {}),
      GITHUB_API_URL: api,
      GITHUB_REPOSITORY: "company/platform",
      GITHUB_REF: "refs/pull/9/merge",
      GITHUB_TOKEN: "t0ken",
    };
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  bodies(): string[] {
    return this.comments.map(({ body }) => body);
  }

  foreign(body: string): void {
    this.comments.push({ id: 99, body, mine: false });
  }

  private answer(method: string, url: string, text: string): [number, unknown] {
    const given = text === "" ? {} : (JSON.parse(text) as { body?: string });
    if (url.includes("/pulls")) {
      if (method === "GET") return [200, this.pulls];
      this.pulls.push(given);
      return [201, {}];
    }
    if (url === "/user") return [200, { id: 7, login: "us" }];
    if (method === "GET") return [200, this.comments.map((each) => this.shown(each))];
    const { body = "" } = given as { body?: string };
    if (method === "POST") {
      this.comments.push({ id: this.comments.length + 1, body, mine: true });
      return [201, {}];
    }
    const id = Number(url.split("/").at(-1));
    const found = this.comments.find((each) => each.id === id);
    if (found === undefined || !found.mine) return [403, { message: "not yours" }];
    found.body = body;
    return [200, {}];
  }

  private shown({ id, body, mine }: { id: number; body: string; mine: boolean }): object {
    return this.kind === "gitlab"
      ? { id, body, system: false, author: { id: mine ? 7 : 8 } }
      : { id, body, html_url: `https://git.test/c/${id}`, user: { login: mine ? "us" : "them" } };
  }
}
