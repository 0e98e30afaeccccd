import { request, type Agent } from "node:http";

/** Target of requests. */
export interface Target {
  /** Address and port of the gateway's pod. */
  address: string;
  port: number;
  /** Host name of the requests. */
  host: string;
  /** Path with query. Default: `/`. */
  path?: string;
  headers?: Record<string, string>;
}

/** Longest that one request may take, milliseconds. */
const timeout = 10_000;

/** Sends one request. @returns its status, or what went wrong instead. */
export function send(
  { address, port, host, path = "/", headers }: Target,
  agent: Agent,
): Promise<{ status: number | string; body: string }> {
  return new Promise((resolve) => {
    const sent = request(
      { host: address, port, path, agent, timeout, headers: { host, ...headers } },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => (body += text));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        response.on("error", (error) => resolve({ status: "broken", body: error.message }));
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
    sent.on("error", (error) => resolve({ status: "error", body: error.message }));
    sent.end();
  });
}
