import { connect, type ClientHttp2Session } from "node:http2";

/** Longest that a call may take, milliseconds. */
const timeout = 30_000;

/** Result of a call over HTTP/2. */
export interface RpcAnswer {
  status: number;
  body: string;
  /** Trailers, in which gRPC sends its status. */
  trailers: Record<string, unknown>;
}

/** Calls a server behind the gateway like a gRPC client: HTTP/2 without TLS, with trailers. */
export async function call(
  address: string,
  port: number,
  host: string,
  path: string,
): Promise<RpcAnswer> {
  const [answer] = await calls(address, port, host, path, 1);
  return answer as RpcAnswer;
}

/** Makes several calls at the same time, over one connection. */
export function calls(
  address: string,
  port: number,
  host: string,
  path: string,
  count: number,
): Promise<RpcAnswer[]> {
  return new Promise((resolve, reject) => {
    const session = connect(`http://${address}:${port}`);
    session.on("error", reject);
    const all = Array.from({ length: count }, () => waitForAnswer(session, host, path));
    Promise.all(all)
      .finally(() => session.close())
      .then(resolve, reject);
  });
}

function waitForAnswer(
  session: ClientHttp2Session,
  host: string,
  path: string,
): Promise<RpcAnswer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      ":authority": host,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const answer: RpcAnswer = { status: 0, body: "", trailers: {} };
    stream.on("response", (headers) => (answer.status = Number(headers[":status"])));
    stream.on("trailers", (headers: Record<string, unknown>) => {
      // Without the symbol that Node.js adds.
      answer.trailers = Object.fromEntries(Object.entries(headers));
    });
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => (answer.body += text));
    stream.on("error", reject);
    stream.on("close", () => resolve(answer));
    stream.setTimeout(timeout, () => stream.destroy(new Error(`no answer in ${timeout / 1000} s`)));
    stream.end("request");
  });
}
