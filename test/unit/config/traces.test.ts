import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
import { disableDebugMessages, disablePromiseTraces } from "../../../program/traces";

describe("disablePromiseTraces", () => {
  type Traced = Promise<string> & { _debugStackTrace?: string };
  const sdk = createRequire(__filename)("@pulumi/pulumi/runtime/debuggable") as {
    debuggablePromise: (promise: Traced, context: string) => Promise<string>;
  };
  const { debuggablePromise } = sdk;
  const leaks = process.env.PULUMI_DEBUG_PROMISE_LEAKS;

  beforeEach(() => {
    delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
  });
  afterEach(() => {
    sdk.debuggablePromise = debuggablePromise;
    if (leaks === undefined) delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
    else process.env.PULUMI_DEBUG_PROMISE_LEAKS = leaks;
  });

  /** Records a stack trace as the SDK does, whose own function another test may have replaced already. */
  const tracing: typeof debuggablePromise = (promise) =>
    Object.assign(promise, { _debugStackTrace: new Error("a promise").stack });

  /** Returns the lines of the stack trace of a promise. */
  async function linesOfOne(): Promise<number> {
    const promise: Traced = Promise.resolve("known");
    assert.equal(await sdk.debuggablePromise(promise, "a test"), "known");
    const { _debugStackTrace: trace = "" } = promise;
    assert.match(trace, /^Error/);
    return trace.match(/^\s+at /gm)?.length ?? 0;
  }

  it("disables the traces of the SDK's promises, and no others", async () => {
    disablePromiseTraces();
    assert.equal(await linesOfOne(), 0);
    assert.match(new Error("of the program").stack ?? "", /^\s+at .*traces\.test\.ts/m);
    sdk.debuggablePromise = tracing;
    assert.ok((await linesOfOne()) > 0);
    disablePromiseTraces();
    assert.equal(await linesOfOne(), 0);
  });

  it("replaces the function once, however many stacks one process declares", () => {
    disablePromiseTraces();
    const once = sdk.debuggablePromise;
    disablePromiseTraces();
    assert.equal(sdk.debuggablePromise, once);
  });

  it("keeps all traces for the search for promises that never resolve", async () => {
    process.env.PULUMI_DEBUG_PROMISE_LEAKS = "true";
    sdk.debuggablePromise = tracing;
    disablePromiseTraces();
    assert.ok((await linesOfOne()) > 0);
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

  it("lets the SDK send none for a resource", async () => {
    delete process.env.PLATFORM_DEBUG_MESSAGES;
    disableDebugMessages();
    await declareOne();
    assert.deepEqual(sent, []);
  });

  it("keeps them if the environment requests them", async () => {
    process.env.PLATFORM_DEBUG_MESSAGES = "true";
    disableDebugMessages();
    await declareOne();
    assert.match(sent.join("\n"), /RegisterResource RPC prepared/);
  });
});
