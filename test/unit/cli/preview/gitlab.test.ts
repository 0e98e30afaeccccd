import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { putComment } from "../../../../cli/preview/api-client";
import {
  mergeRequestComments,
  mergeRequestOf,
  type MergeRequest,
} from "../../../../cli/preview/gitlab";

const self = 7;
const mark = "<!-- platform-preview:prod -->";

interface Note {
  id: number;
  body: string;
  system?: boolean;
  author: { id: number };
}

interface Recorded {
  method: string;
  path: string;
  token: string | undefined;
  body: unknown;
}

describe("a comment on GitLab", () => {
  let server: Server;
  let where: MergeRequest;
  let requests: Recorded[];
  let notes: Note[];
  let status: number | undefined;

  beforeEach(async () => {
    [requests, notes, status] = [[], [], undefined];
    server = createServer((request, response) => {
      void textOf(request).then((text) => {
        const url = new URL(request.url ?? "", "http://x");
        const body: unknown = text === "" ? undefined : JSON.parse(text);
        const token = request.headers["private-token"];
        const method = request.method ?? "";
        requests.push({ method, path: url.pathname, token: token?.toString(), body });
        if (status !== undefined) {
          response.writeHead(status).end('{"message":"403 Forbidden"}');
        } else if (url.pathname.endsWith("/user")) {
          response.end(JSON.stringify({ id: self }));
        } else if (method === "GET") {
          const [page, size] = ["page", "per_page"].map((key) => Number(url.searchParams.get(key)));
          const from = ((page ?? 1) - 1) * (size ?? 20);
          const more = notes.length > from + (size ?? 20);
          response.setHeader("x-next-page", more ? String((page ?? 1) + 1) : "");
          response.end(JSON.stringify(notes.slice(from, from + (size ?? 20))));
        } else {
          response.writeHead(method === "POST" ? 201 : 200).end("{}");
        }
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    where = { api: `http://127.0.0.1:${port}/api/v4`, project: "42", number: "9", token: "t0ken" };
  });
  afterEach(() => server.close());

  const note = (id: number, fields: Partial<Note> = {}): Note => ({
    id,
    body: "hello",
    author: { id: self },
    ...fields,
  });
  const written = () => requests.filter(({ method }) => method !== "GET");
  const path = "/api/v4/projects/42/merge_requests/9/notes";

  it("is created where there is none", async () => {
    assert.equal(await putComment(mergeRequestComments(where), mark, `new\n\n${mark}`), "created");
    const body = { body: `new\n\n${mark}` };
    assert.deepEqual(written(), [{ method: "POST", path, token: "t0ken", body }]);
  });

  it("replaces the former one, on whatever page it is", async () => {
    notes = [
      ...Array.from({ length: 250 }, (_, id) => note(id + 1)),
      note(900, { body: `old\n\n${mark}\n` }),
    ];
    assert.equal(await putComment(mergeRequestComments(where), mark, `new\n\n${mark}`), "updated");
    assert.deepEqual(
      written().map((it) => [it.method, it.path]),
      [["PUT", `${path}/900`]],
    );
    assert.equal(requests.filter((it) => it.path === path && it.method === "GET").length, 3);
  });

  it("never replaces a note of somebody else, another stack or the system", async () => {
    notes = [
      note(1, { body: mark, author: { id: 8 } }),
      note(2, { body: "<!-- platform-preview:gray -->" }),
      note(3, { body: mark, system: true }),
    ];
    assert.equal(await putComment(mergeRequestComments(where), mark, "new"), "created");
  });

  it("fails with GitLab's own words, and without the token", async () => {
    status = 403;
    await assert.rejects(putComment(mergeRequestComments(where), mark, "new"), (error: Error) => {
      assert.match(error.message, /GitLab answered 403 to GET \/user: .*Forbidden/);
      assert.match(error.message, /scope api/);
      assert.doesNotMatch(error.message, /t0ken/);
      return true;
    });
  });

  it("fails with one sentence if GitLab cannot be reached", async () => {
    const nowhere = { ...where, api: "http://127.0.0.1:1/api/v4" };
    await assert.rejects(
      putComment(mergeRequestComments(nowhere), mark, "new"),
      /GitLab at .* does not answer: /,
    );
  });
});

describe("the merge request of a job", () => {
  const environment = {
    CI_API_V4_URL: "https://gitlab.test/api/v4",
    CI_PROJECT_ID: "42",
    CI_MERGE_REQUEST_IID: "9",
    GITLAB_TOKEN: "t",
  };

  it("is what GitLab's variables name", () => {
    assert.deepEqual(mergeRequestOf(environment), {
      api: "https://gitlab.test/api/v4",
      project: "42",
      number: "9",
      token: "t",
    });
  });

  it("names every variable that is missing", () => {
    const partial = { ...environment, GITLAB_TOKEN: "", CI_MERGE_REQUEST_IID: undefined };
    assert.throws(() => mergeRequestOf(partial), /CI_MERGE_REQUEST_IID, GITLAB_TOKEN not set/);
  });
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
