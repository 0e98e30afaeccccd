import assert from "node:assert/strict";
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { connectEngine } from "../../../../local/plugins/shared/engine";
import { StatusError, unary } from "../../../../local/plugins/shared/handlers";

/** Starts an engine that stores its messages, and rejects those that ask for it. */
async function recordingEngine() {
  const seen: LogRequest.AsObject[] = [];
  const server = new grpc.Server();
  server.addService(EngineService, {
    log: unary(async (request: LogRequest) => {
      if (request.getMessage() === "refuse")
        throw new StatusError("refused", grpc.status.UNAVAILABLE);
      // The first message takes longest, because the order must not depend on it.
      await new Promise((done) => setTimeout(done, seen.length === 0 ? 50 : 0));
      seen.push(request.toObject());
      return new Empty();
    }),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { seen, server, address: `127.0.0.1:${port}` };
}

/** Returns what `action` writes to standard error. */
async function stderrOf(action: () => Promise<void>): Promise<string> {
  const { write } = process.stderr;
  let written = "";
  process.stderr.write = (text) => ((written += text), true);
  try {
    await action();
  } finally {
    process.stderr.write = write;
  }
  return written;
}

describe("connectEngine", () => {
  it("sends messages in order, with severity and resource", async () => {
    const { seen, server, address } = await recordingEngine();
    try {
      const engine = connectEngine(address);
      void engine.log("info", "first", "urn:a");
      void engine.log("warning", "second", "urn:b", { ephemeral: true });
      await engine.log("error", "third", "");
      assert.deepEqual(
        seen.map(({ severity, message, urn, ephemeral }) => ({
          ...{ severity, message, urn, ephemeral },
        })),
        [
          { severity: 1, message: "first", urn: "urn:a", ephemeral: false },
          { severity: 2, message: "second", urn: "urn:b", ephemeral: true },
          { severity: 3, message: "third", urn: "", ephemeral: false },
        ],
      );
    } finally {
      server.forceShutdown();
    }
  });

  it("writes messages that the engine does not accept to standard error", async () => {
    const { server, address } = await recordingEngine();
    try {
      const engine = connectEngine(address);
      const written = await stderrOf(() => engine.log("error", "refuse", ""));
      assert.match(written, /^error: refuse \(not taken by the engine: .*refused/);
    } finally {
      server.forceShutdown();
    }
    const alone = connectEngine(undefined);
    assert.equal(await stderrOf(() => alone.log("info", "hello", "")), "info: hello\n");
  });
});
