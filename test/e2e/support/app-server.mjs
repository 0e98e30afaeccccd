// The process of one pod: answers with its release, and stops as a well-behaved app does.
// Arguments: address, port, text of the answer; the environment says how it misbehaves.
import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import process from "node:process";

const [address, port, answer] = process.argv.slice(2);
const errorPercent = Number(process.env.ERROR_PERCENT ?? 0);
// Requests a second that the pod can take; more are refused, after a burst of one second's worth.
const capacity = Number(process.env.CAPACITY ?? Infinity);
let allowance = capacity;
let filledAt = Date.now();
const crashAfterRequests = Number(process.env.CRASH_AFTER_REQUESTS ?? Infinity);
let requests = 0;
if (process.env.CRASH_AT_START !== undefined) process.exit(1);

const server = createServer((request, response) => {
  if (request.url === "/healthz") {
    response.end("ok");
    return;
  }
  if (request.url === "/requests") {
    response.end(String(requests));
    return;
  }
  requests += 1;
  if (!hasCapacity()) {
    response.statusCode = 503;
    response.end(`${answer} has no capacity left`);
    return;
  }
  if (requests > crashAfterRequests) process.exit(1);
  // Exactly that many of each hundred, spread over it.
  response.statusCode = (requests * 37) % 100 < errorPercent ? 500 : 200;
  response.end(answer);
});

// As a gRPC server does: HTTP/2 without TLS and nothing else, a status behind the body.
if (process.env.PROTOCOL === "h2c") {
  const rpc = createHttp2Server();
  rpc.on("stream", (stream, headers) => {
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.respond(
      { ":status": 200, "content-type": "application/grpc" },
      { waitForTrailers: true },
    );
    stream.end(`${answer} ${headers[":authority"]}${headers[":path"]}`);
  });
  process.on("SIGTERM", () => rpc.close(() => process.exit(0)));
  rpc.listen(Number(port), address);
} else {
  server.listen(Number(port), address);
}

function hasCapacity() {
  if (capacity === Infinity) return true;
  const now = Date.now();
  allowance = Math.min(capacity, allowance + (capacity * (now - filledAt)) / 1000);
  filledAt = now;
  if (allowance < 1) return false;
  allowance -= 1;
  return true;
}

// Longer than any gateway keeps an idle connection, so that it is never this side that closes first.
server.keepAliveTimeout = 120_000;

process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
