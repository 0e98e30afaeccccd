import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClusterReader } from "../../cluster/reader";

/** A simulated API server, and a reader of it. */
export class ReadServer {
  /** Requested paths. */
  readonly asked: string[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "reader-"));
  private readonly server: Server;
  private reader_?: ClusterReader;

  constructor(answer: (request: IncomingMessage, response: ServerResponse) => void) {
    this.server = createServer((request, response) => {
      this.asked.push(request.url ?? "");
      answer(request, response);
    });
  }

  /** Starts it. */
  async start(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const { port } = this.server.address() as AddressInfo;
    // The client library allows plain HTTP only with this setting.
    const cluster = {
      server: `http://127.0.0.1:${port}`,
      "insecure-skip-tls-verify": true,
    };
    const kubeconfig = {
      clusters: [{ name: "c", cluster }],
      users: [{ name: "u", user: {} }],
      contexts: [{ name: "here", context: { cluster: "c", user: "u" } }],
    };
    writeFileSync(join(this.folder, "kubeconfig"), JSON.stringify(kubeconfig));
    this.reader_ = new ClusterReader({
      kubeconfig: join(this.folder, "kubeconfig"),
      context: "here",
    });
  }

  /** The reader; available after the start. */
  get reader(): ClusterReader {
    if (this.reader_ === undefined) throw new Error("the server was not started");
    return this.reader_;
  }

  /** Stops it; requests then fail. */
  async stop(): Promise<void> {
    this.reader_?.close();
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((done) => this.server.close(done));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
