// The process of one pod: answers with its release, and stops as a well-behaved app does.
// Arguments: address, port, text of the answer; the environment says how it misbehaves.
import { createServer } from "node:http";
import process from "node:process";

const [address, port, answer] = process.argv.slice(2);
const errorPercent = Number(process.env.ERROR_PERCENT ?? 0);
const crashAfterRequests = Number(process.env.CRASH_AFTER_REQUESTS ?? Infinity);
let requests = 0;
if (process.env.CRASH_AT_START !== undefined) process.exit(1);

const server = createServer((request, response) => {
  if (request.url === "/healthz") {
    response.end("ok");
    return;
  }
  requests += 1;
  if (requests > crashAfterRequests) process.exit(1);
  // Exactly that many of each hundred, spread over it.
  response.statusCode = (requests * 37) % 100 < errorPercent ? 500 : 200;
  response.end(answer);
});

// Longer than any gateway keeps an idle connection, so that it is never this side that closes first.
server.keepAliveTimeout = 120_000;

process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});

server.listen(Number(port), address);
