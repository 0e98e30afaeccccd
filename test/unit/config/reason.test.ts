import assert from "node:assert/strict";
import { connect, createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { firstLineOf, reasonOf, requestReasonOf } from "../../../config/reason";

describe("the reason of a failure", () => {
  it("is the message of an error, or the text of anything else", () => {
    assert.equal(reasonOf(new Error("no such stack")), "no such stack");
    assert.equal(reasonOf("stopped"), "stopped");
    assert.equal(reasonOf(undefined), "undefined");
  });

  it("is the code or the name of an error without a message", () => {
    const all = [new Error("connect ECONNREFUSED ::1:1"), new Error("and 127.0.0.1:1")];
    const refused = Object.assign(new AggregateError(all), { code: "ECONNREFUSED" });
    assert.equal(refused.message, "");
    assert.equal(reasonOf(refused), "ECONNREFUSED");
    assert.equal(reasonOf(new TypeError()), "TypeError");
  });

  it("can be shortened to its first line", () => {
    assert.equal(firstLineOf(new Error("no state\n  at backend")), "no state");
    assert.equal(firstLineOf(new Error("no state")), "no state");
  });

  it("is the cause of a request's error", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    const error: unknown = await fetch(`http://127.0.0.1:${port}/`).catch((it: unknown) => it);
    assert.equal(reasonOf(error), "fetch failed");
    assert.equal(requestReasonOf(error), `connect ECONNREFUSED 127.0.0.1:${port}`);
    assert.equal(requestReasonOf(new Error("no answer in time")), "no answer in time");
  });

  it("is not empty for a name with several addresses", async () => {
    const lookup = (_host: string, _options: object, done: (...all: unknown[]) => void) =>
      done(
        null,
        ["127.0.0.1", "127.0.0.2"].map((address) => ({ address, family: 4 })),
      );
    const socket = connect({ host: "two.test", port: 1, lookup: lookup as never });
    const [cause] = (await once(socket, "connect").catch((it: unknown) => [it])) as [Error];
    assert.equal(cause.message, "");
    assert.equal(requestReasonOf(new TypeError("fetch failed", { cause })), "ECONNREFUSED");
  });
});
