import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiClient, putComment, type OwnComment } from "../../../../cli/preview/api-client";
import { postLogged } from "../../../../cli/preview/post";

type Reply = [status: number, headers?: Record<string, string>, body?: string];

const hint = "The token must be valid.";
/** Seconds since 1970 in this many seconds. */
const inSeconds = (seconds: number) => String(Math.floor(Date.now() / 1000) + seconds);

describe("a request to an overloaded Git server", () => {
  let server: Server;
  let replies: Reply[];
  let requests: string[];
  let pauses: number[];
  let client: ApiClient;

  beforeEach(async () => {
    [replies, requests, pauses] = [[], [], []];
    // A stub that gives these replies one after the other, and then 200.
    server = createServer((request, response) => {
      requests.push(request.method ?? "");
      const [status, headers = {}, body = "{}"] = replies.shift() ?? [200];
      response.writeHead(status, headers).end(body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    client = new ApiClient({
      name: "The API",
      base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      headers: {},
      tokenHint: hint,
      pause: (milliseconds) => Promise.resolve(pauses.push(Math.round(milliseconds / 1000))),
    });
  });
  afterEach(() => server.close());

  for (const [what, reply, seconds] of [
    ["429 with a header", [429, { "retry-after": "7" }], 7],
    ["429 without one", [429], 1],
    ["502", [502], 1],
    ["503 with a header", [503, { "retry-after": "30" }], 30],
    ["504", [504], 1],
    ["a secondary limit of GitHub", [403, { "retry-after": "60" }], 60],
    [
      "one without a header",
      [403, {}, '{"message":"You have exceeded a secondary rate limit"}'],
      60,
    ],
  ] as [string, Reply, number][]) {
    it(`is sent again after ${what}`, async () => {
      replies = [reply];
      assert.equal((await client.ask("GET", "/x")).status, 200);
      assert.deepEqual(pauses, [seconds]);
    });
  }

  for (const prefix of ["x-", ""]) {
    it(`is sent again when the limit ends, according to ${prefix}ratelimit-reset`, async () => {
      const reset = inSeconds(90);
      const headers = {
        [`${prefix}ratelimit-remaining`]: "0",
        [`${prefix}ratelimit-reset`]: reset,
      };
      replies = [[prefix === "" ? 429 : 403, headers]];
      assert.equal((await client.ask("POST", "/x", {})).status, 200);
      assert.ok(pauses[0] !== undefined && Math.abs(pauses[0] - 90) <= 2, String(pauses));
    });
  }

  it("is sent again after the date that the server names", async () => {
    replies = [[503, { "retry-after": new Date(Date.now() + 20_000).toUTCString() }]];
    await client.ask("GET", "/x");
    assert.ok(pauses[0] !== undefined && Math.abs(pauses[0] - 20) <= 2, String(pauses));
  });

  it("waits longer each time, and for five minutes in total", async () => {
    replies = Array.from({ length: 100 }, (): Reply => [503]);
    await assert.rejects(client.ask("GET", "/x"), /answered 503 .*again in 256 s$/);
    assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 64, 128]);
  });

  it("does not wait for a limit that ends in an hour, and does not blame the token", async () => {
    replies = [[403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": inSeconds(3600) }]];
    await assert.rejects(client.ask("GET", "/x"), (error: Error) => {
      assert.match(error.message, /answered 403 .*Try again in 3\d\d\d s/);
      assert.ok(!error.message.includes(hint));
      return true;
    });
    assert.deepEqual(pauses, []);
  });

  for (const status of [400, 401, 403, 404, 422, 500]) {
    it(`is sent once if the server refuses it with ${status}`, async () => {
      replies = [[status]];
      await assert.rejects(client.ask("GET", "/x"), (error: Error) => {
        assert.equal(error.message.includes(hint), [401, 403].includes(status));
        return true;
      });
      assert.equal(requests.length, 1);
    });
  }

  for (const created of [true, false]) {
    it(`creates a comment once if a gateway reports a failure and it was ${created ? "" : "not "}created`, async () => {
      const found: OwnComment[] = [];
      let creations = 0;
      replies = [[502]];
      const result = await putComment(
        {
          async *own() {
            yield* await Promise.resolve(found);
          },
          async create(body) {
            creations += 1;
            if (created || creations > 1) found.push({ id: creations, body });
            await client.ask("POST", "/x", { body });
          },
          async update() {
            await client.ask("PUT", "/x");
          },
        },
        "<!-- a -->",
        "text\n\n<!-- a -->",
      );
      assert.equal(result, "created");
      assert.equal(found.length, 1);
      assert.deepEqual(requests, ["POST", created ? "PUT" : "POST"]);
    });
  }

  it("fails a job only if the job has no report of what the comment says", async () => {
    const lines: string[] = [];
    const post = async () => {
      await client.ask("POST", "/x");
      return "created" as const;
    };
    replies = [[403], [403]];
    await postLogged(post, "a", "a", true, (line) => lines.push(line));
    assert.match(lines.join(), /^warning: the comment was not posted: The API answered 403/);
    await assert.rejects(postLogged(post, "a", "a", false), /The API answered 403/);
    await postLogged(post, "a", "a", false, (line) => lines.push(line));
    assert.equal(lines.at(-1), "comment created");
  });
});
