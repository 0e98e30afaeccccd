import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The subset of S3 that restic needs, with one bucket in memory. It checks the access key, but not the signature. */
export class SmallS3 {
  readonly objects = new Map<string, Buffer>();
  private readonly server = createServer((request, response) => {
    void this.answer(request, response);
  });

  constructor(
    private readonly bucket: string,
    private readonly accessKey: string,
  ) {}

  /**
   * Starts it.
   * @returns its URL.
   */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = content(request, Buffer.concat(chunks));
    const url = new URL(request.url ?? "/", "http://s3");
    const [, bucket = "", ...rest] = decodeURIComponent(url.pathname).split("/");
    const key = rest.join("/");
    const { authorization = "" } = request.headers;
    if (!authorization.includes(`Credential=${this.accessKey}/`)) {
      reply(response, 403, "<Error><Code>AccessDenied</Code></Error>");
    } else if (bucket !== this.bucket) {
      reply(response, 404, "<Error><Code>NoSuchBucket</Code></Error>");
    } else if (key === "") {
      reply(response, 200, this.list(url.searchParams));
    } else this.object(request, response, { key, body });
  }

  private object(
    { method, headers }: IncomingMessage,
    response: ServerResponse,
    { key, body }: { key: string; body: Buffer },
  ): void {
    if (method === "PUT") {
      this.objects.set(key, body);
      response.writeHead(200, { etag: '"1"' }).end();
      return;
    }
    if (method === "DELETE") {
      this.objects.delete(key);
      response.writeHead(204).end();
      return;
    }
    const found = this.objects.get(key);
    if (found === undefined) return reply(response, 404, "<Error><Code>NoSuchKey</Code></Error>");
    const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "");
    const start = Number(range?.[1] ?? 0);
    const end = range?.[2] ? Number(range[2]) + 1 : found.length;
    const part = found.subarray(start, end);
    response.writeHead(range ? 206 : 200, {
      etag: '"1"',
      "last-modified": new Date(0).toUTCString(),
      "content-length": part.length,
      "content-range": `bytes ${start}-${start + part.length - 1}/${found.length}`,
    });
    response.end(method === "HEAD" ? undefined : part);
  }

  private list(query: URLSearchParams): string {
    if (query.has("location")) return "<LocationConstraint/>";
    const entries = [...this.objects]
      .filter(([key]) => key.startsWith(query.get("prefix") ?? ""))
      .map(([key, { length }]) => {
        const facts = `<Size>${length}</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified>`;
        return `<Contents><Key>${key}</Key>${facts}<ETag>"1"</ETag></Contents>`;
      });
    return `<ListBucketResult><IsTruncated>false</IsTruncated>${entries.join("")}</ListBucketResult>`;
  }
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/xml" }).end(body);
}

/** Returns the bytes of a request; without TLS, clients sign each chunk and prefix it with its length. */
function content({ headers }: IncomingMessage, body: Buffer): Buffer {
  if (!String(headers["x-amz-content-sha256"]).startsWith("STREAMING-")) return body;
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const line = body.indexOf("\r\n", at);
    const length = parseInt(body.toString("latin1", at, line), 16);
    if (!(length > 0)) break;
    parts.push(body.subarray(line + 2, line + 2 + length));
    at = line + 2 + length + 2;
  }
  return Buffer.concat(parts);
}
