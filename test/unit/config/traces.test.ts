import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
import { disableDebugMessages, disablePromiseTraces } from "../../../program/traces";

describe("disablePromiseTraces", () => {
  const before = Error.prepareStackTrace;
  const leaks = process.env.PULUMI_DEBUG_PROMISE_LEAKS;
  let formatted: string[];

  beforeEach(() => {
    formatted = [];
    delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
    Error.prepareStackTrace = ({ message }) => {
      formatted.push(message);
      return "formatted";
    };
  });
  afterEach(() => {
    Error.prepareStackTrace = before;
    if (leaks === undefined) delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
    else process.env.PULUMI_DEBUG_PROMISE_LEAKS = leaks;
  });

  /** Has the name of the SDK's function that records a stack trace for each promise. */
  function debuggablePromise(): string | undefined {
    return new Error("of a promise").stack;
  }

  it("leaves out the traces of the SDK's promises, and no other", () => {
    disablePromiseTraces();
    assert.equal(debuggablePromise(), "");
    assert.equal(new Error("of the program").stack, "formatted");
    assert.deepEqual(formatted, ["of the program"]);
  });

  it("formats each trace once, however many stacks one process declares", () => {
    disablePromiseTraces();
    const once = Error.prepareStackTrace;
    disablePromiseTraces();
    assert.equal(Error.prepareStackTrace, once);
  });

  it("leaves all where promises that never end are looked for", () => {
    process.env.PULUMI_DEBUG_PROMISE_LEAKS = "true";
    disablePromiseTraces();
    assert.equal(debuggablePromise(), "formatted");
  });

  it("does nothing where traces are as the runtime makes them", () => {
    Reflect.deleteProperty(Error, "prepareStackTrace");
    disablePromiseTraces();
    assert.equal(Error.prepareStackTrace, undefined);
  });
});

describe("disableDebugMessages", () => {
  const log = createRequire(__filename)("@pulumi/pulumi/log") as typeof pulumi.log;
  const { debug } = log;
  const wanted = process.env.PLATFORM_DEBUG_MESSAGES;
  let sent: string[];

  beforeEach(() => {
    sent = [];
    log.debug = (message) => Promise.resolve(void sent.push(message));
  });
  afterEach(() => {
    log.debug = debug;
    if (wanted === undefined) delete process.env.PLATFORM_DEBUG_MESSAGES;
    else process.env.PLATFORM_DEBUG_MESSAGES = wanted;
  });

  async function declareOne(): Promise<void> {
    await pulumi.runtime.setMocks({
      newResource: () => ({ id: "1", state: {} }),
      call: () => ({}),
    });
    class One extends pulumi.CustomResource {}
    const resource = new One("test:index:Resource", "one");
    await new Promise((resolve) => resource.id.apply(resolve));
  }

  it("has the SDK send none for a resource", async () => {
    delete process.env.PLATFORM_DEBUG_MESSAGES;
    disableDebugMessages();
    await declareOne();
    assert.deepEqual(sent, []);
  });

  it("leaves them where the environment asks for them", async () => {
    process.env.PLATFORM_DEBUG_MESSAGES = "true";
    disableDebugMessages();
    await declareOne();
    assert.match(sent.join("\n"), /RegisterResource RPC prepared/);
  });
});
