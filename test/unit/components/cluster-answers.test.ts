import assert from "node:assert/strict";
import { ProgramError } from "../../../config";
import { NoAnswer } from "../../../components/cluster/reader";
import { missingOf } from "../../../release/cluster/route-acceptance";
import { ReadServer } from "../../support/reader";

describe("the API server's answer", () => {
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
    [200, "<html>log in</html>", ProgramError, /is no API server: <html>log in<\/html>\. Check/],
  ];
  for (const [status, body, kind, message] of cases) {
    it(`is told in a sentence where it is ${status} ${body}`, async () => {
      answer = { status, body };
      await assert.rejects(server.reader.get("/x"), (error: unknown) => {
        assert.ok(error instanceof kind);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it("is waited for where a route is to be accepted, unless it is a refusal", async () => {
    answer = { status: 500, body: "" };
    assert.match((await missingOf("/route", server.reader)).join(), /answered 500/);
    answer = { status: 403, body: "" };
    await assert.rejects(missingOf("/route", server.reader), ProgramError);
    await server.stop();
    assert.match((await missingOf("/route", server.reader)).join(), /does not answer/);
  });
});
