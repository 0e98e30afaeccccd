import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { marker } from "../../../../cli/preview/comment";
import { posting } from "../../../../cli/preview/post";

const mark = marker("prod");
/** The longest comment that GitHub accepts. */
const longest = 65_536;

interface Comment {
  id: number;
  body: string;
  user: { login: string };
}

/**
 * A stub of the API, with the statuses, pagination and errors that GitHub documents for issue comments and Gitea
 * declares in its source: GitHub returns 30 or `per_page` at once with a header Link, Gitea returns all; the token of a
 * job cannot read its user.
 */
class Api {
  readonly requests: string[] = [];
  comments: Comment[] = [];
  /** Login of a person's token; undefined for that of a job. */
  person: string | undefined;
  archived = false;
  private readonly server: Server;

  constructor(private readonly kind: "github" | "gitea") {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async start(): Promise<NodeJS.ProcessEnv> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const { port } = this.server.address() as AddressInfo;
    return {
      GITHUB_ACTIONS: "true",
      ...(this.kind === "gitea" ? { GITEA_ACTIONS: "true" } : {}),
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: "company/platform",
      GITHUB_REF: this.kind === "gitea" ? "refs/pull/9/head" : "refs/pull/9/merge",
      GITHUB_TOKEN: "t0ken",
    };
  }

  stop(): void {
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "", `http://${request.headers.host}`);
    const route = `${request.method} ${url.pathname}`;
    this.requests.push(route);
    const reply = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.headers.authorization !== "Bearer t0ken") {
      return void reply(401, { message: "Bad credentials" });
    }
    if (request.headers["user-agent"] === undefined)
      return void reply(403, { message: "no agent" });
    if (route === "GET /user") {
      return void (this.person === undefined
        ? reply(403, { message: "Resource not accessible by integration" })
        : reply(200, { login: this.person }));
    }
    if (route === "GET /repos/company/platform/issues/9/comments") {
      return this.list(url, response);
    }
    const edited = /^PATCH \/repos\/company\/platform\/issues\/comments\/(\d+)$/.exec(route)?.[1];
    const creates = route === "POST /repos/company/platform/issues/9/comments";
    if (!creates && edited === undefined) return void reply(404, { message: "Not Found" });
    if (this.archived)
      return void reply(this.kind === "gitea" ? 423 : 403, { message: "archived" });
    const { body } = JSON.parse(Buffer.concat(chunks).toString()) as { body?: string };
    if (body === undefined || (this.kind === "github" && body.length > longest)) {
      return void reply(422, { message: "Validation Failed" });
    }
    const own = this.person ?? (this.kind === "gitea" ? "gitea-actions" : "github-actions[bot]");
    if (creates) {
      this.comments.push({ id: 1000 + this.comments.length, body, user: { login: own } });
      return void reply(201, {});
    }
    const comment = this.comments.find(({ id }) => id === Number(edited));
    if (comment === undefined) return void reply(404, { message: "Not Found" });
    comment.body = body;
    reply(200, comment);
  }

  private list(url: URL, response: ServerResponse): void {
    const number = (key: string, otherwise: number) =>
      Number(url.searchParams.get(key) ?? otherwise);
    const size = this.kind === "gitea" ? Infinity : Math.min(100, number("per_page", 30));
    const page = number("page", 1);
    const from = this.kind === "gitea" ? 0 : (page - 1) * size;
    if (this.comments.length > from + size) {
      const next = new URL(url);
      next.searchParams.set("page", String(page + 1));
      response.setHeader("link", `<${next.href}>; rel="next", <${next.href}>; rel="last"`);
    }
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(this.comments.slice(from, from + size)));
  }
}

for (const kind of ["github", "gitea"] as const) {
  describe(`a comment on a pull request of ${kind}`, () => {
    let api: Api;
    let environment: NodeJS.ProcessEnv;
    const bot = kind === "gitea" ? "gitea-actions" : "github-actions[bot]";

    beforeEach(async () => {
      api = new Api(kind);
      environment = await api.start();
    });
    afterEach(() => api.stop());

    it("is created once and then updated, with the token of a job", async () => {
      assert.equal(await posting(environment)(mark, `first\n\n${mark}`), "created");
      assert.equal(await posting(environment)(mark, `second\n\n${mark}`), "updated");
      assert.deepEqual(
        api.comments.map(({ body, user }) => [body, user.login]),
        [[`second\n\n${mark}`, bot]],
      );
    });

    it("is found on every page, also with the token of a person", async () => {
      api.person = "release";
      api.comments = Array.from({ length: 250 }, (_, id) => ({
        ...{ id, body: "hello" },
        user: { login: "anna" },
      }));
      api.comments.push({ id: 900, body: mark, user: { login: "release" } });
      assert.equal(await posting(environment)(mark, `new\n\n${mark}`), "updated");
      const lists = api.requests.filter((it) => it.startsWith("GET /repos"));
      assert.equal(lists.length, kind === "gitea" ? 1 : 3);
    });

    it("never replaces the comment of somebody else or of another stack", async () => {
      api.comments = [
        { id: 1, body: mark, user: { login: "anna" } },
        { id: 2, body: "<!-- platform-preview:gray -->", user: { login: bot } },
      ];
      assert.equal(await posting(environment)(mark, `new\n\n${mark}`), "created");
    });

    it("never replaces the comment of another stack that quotes its marker", async () => {
      const gray = marker("gray");
      const quote = ["```diff", `- ${mark}`, mark, "```"].join("\n");
      assert.equal(await posting(environment)(gray, `${quote}\n\n${gray}`), "created");
      assert.equal(await posting(environment)(mark, `new\n\n${mark}`), "created");
      assert.equal(await posting(environment)(gray, `other\n\n${gray}`), "updated");
      assert.deepEqual(
        api.comments.map(({ body }) => body),
        [`other\n\n${gray}`, `new\n\n${mark}`],
      );
    });

    it("fails with the server's own words, and without the token", async () => {
      api.archived = true;
      await assert.rejects(posting(environment)(mark, "new"), (error: Error) => {
        assert.match(error.message, /The API answered 4\d\d to POST .*archived/);
        assert.doesNotMatch(error.message, /t0ken/);
        return true;
      });
    });
  });
}

describe("the place where a job comments", () => {
  it("is named with every variable that is missing", () => {
    const environment = { GITHUB_ACTIONS: "true", GITHUB_REF: "refs/heads/main" };
    assert.throws(
      () => posting(environment),
      /GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_REF \(refs\/pull\/<number>\/…\), GITHUB_TOKEN not set/,
    );
    assert.throws(() => posting({}), /CI_API_V4_URL.* GITLAB_TOKEN/);
  });
});
