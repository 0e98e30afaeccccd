import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { ReadServer } from "../../../support/reader";

/** The response of an API server whose storage of a definition is not there yet. */
function busy(response: ServerResponse, pause?: string): void {
  if (pause !== undefined) response.setHeader("retry-after", pause);
  response.writeHead(429);
  response.end(JSON.stringify({ message: "storage is (re)initializing" }));
}

describe("a busy API server", () => {
  let server: ReadServer;
  let answers: ((response: ServerResponse) => void)[];

  beforeEach(async () => {
    server = new ReadServer((_, response) => {
      const answer = answers.shift();
      if (answer === undefined) response.end(JSON.stringify({ items: [] }));
      else answer(response);
    });
    await server.start();
  });
  afterEach(() => server.stop());

  it("gets the request again after the pause that it names, or after a second", async () => {
    answers = [(it) => busy(it, "0"), (it) => busy(it)];
    const began = performance.now();
    assert.deepEqual(await server.reader.get("/x"), { items: [] });
    assert.deepEqual(server.asked, ["/x", "/x", "/x"]);
    assert.ok(performance.now() - began > 900);
  });

  it("gets the request at most five times; then its response is reported", async () => {
    answers = Array.from({ length: 9 }, () => (it: ServerResponse) => busy(it, "0"));
    await assert.rejects(
      server.reader.get("/x"),
      /answered 429 to GET \/x: storage is \(re\)initializing/,
    );
    assert.equal(server.asked.length, 5);
  });

  it("does not get the request again if it refuses or fails", async () => {
    for (const status of [403, 500]) {
      answers = [(it) => it.writeHead(status).end("{}")];
      await assert.rejects(server.reader.get("/x"), new RegExp(`answered ${status}`));
    }
    assert.equal(server.asked.length, 2);
  });
});
