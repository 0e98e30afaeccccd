import assert from "node:assert/strict";
import { ProgramError } from "../../../../config";
import { NoAnswer } from "../../../../cluster/reader";
import { pollUntilPresent } from "../../../../program/wait/poll";
import { ReadServer } from "../../../support/reader";

describe("the API server's response", () => {
  let server: ReadServer;
  let answer: { status: number; body: string };
  beforeEach(async () => {
    server = new ReadServer((_request, response) => {
      response.statusCode = answer.status;
      response.end(answer.body);
    });
    await server.start();
  });
  afterEach(() => server.stop());

  const cases: [status: number, body: string, kind: typeof ProgramError, message: RegExp][] = [
    [403, '{"message":"no rights"}', ProgramError, /answered 403 to GET \/x: no rights$/],
    [403, "", ProgramError, /answered 403 to GET \/x: no reason given$/],
    [503, '{"message":"starting"}', NoAnswer, /answered 503 to GET \/x: starting$/],
    [502, "<html>bad gateway</html>", NoAnswer, /answered 502 .*: <html>bad gateway<\/html>$/],
    [
      200,
      "<html>log in</html>",
      ProgramError,
      /is not an API server: <html>log in<\/html>\. Check/,
    ],
  ];
  for (const [status, body, kind, message] of cases) {
    it(`is described in a sentence if it is ${status} ${body}`, async () => {
      answer = { status, body };
      await assert.rejects(server.reader.get("/x"), (error: unknown) => {
        assert.ok(error instanceof kind);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it("is waited for while something is missing, unless it is a refusal", async () => {
    const look = async () => ((await server.reader.get("/x")) === undefined ? ["x"] : []);
    const missing = async () => (await pollUntilPresent(look, 0)).join();
    answer = { status: 500, body: "" };
    assert.match(await missing(), /answered 500/);
    answer = { status: 403, body: "" };
    await assert.rejects(missing(), ProgramError);
    answer = { status: 404, body: "" };
    assert.equal(await missing(), "x");
    setTimeout(() => (answer = { status: 200, body: "{}" }), 100);
    assert.deepEqual(await pollUntilPresent(look, 10), []);
    await server.stop();
    assert.match(await missing(), /does not answer/);
  });
});
