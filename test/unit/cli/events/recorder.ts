import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a receiver got it. */
export interface Received {
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  text: string;
  body: Record<string, unknown>;
}

/**
 * A stub of a chat server on loopback: it records requests and, like the chat, rejects those that are not signed as its
 * documentation requires.
 */
export class Recorder {
  readonly received: Received[] = [];
  private readonly server: Server;

  /** @param accepts returns the body of the response; undefined leaves a request without one. */
  constructor(accepts: (request: Received) => object | undefined) {
    this.server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (part: string) => (text += part));
      request.on("end", () => {
        const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
        const { headers } = request;
        const body = JSON.parse(text) as Record<string, unknown>;
        const received = { path: pathname, query: searchParams, headers, text, body };
        this.received.push(received);
        const answer = accepts(received);
        if (answer !== undefined) response.end(JSON.stringify(answer));
      });
    });
  }

  async start(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
