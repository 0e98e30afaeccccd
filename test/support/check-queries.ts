import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Prometheus } from "../../cli/release/prometheus";

/** Queries of `release check` about a canary. */
export interface CheckQueries {
  requests: string;
  errors: string;
  latency: string;
  restarts: string;
  /** Has a result if errors may be missing. */
  gaps: string;
  /** gRPC requests whose result is not known. */
  unclear: string;
}

/** Returns the queries about the canary `shop-1-5-0` in `commerce-dev` over the last 600 s. */
export async function checkQueries(): Promise<CheckQueries> {
  const found: string[] = [];
  const server = createServer((request, response) => {
    found.push(new URL(request.url ?? "", "http://prometheus").searchParams.get("query") ?? "");
    const data = { resultType: "vector", result: [] };
    response.end(JSON.stringify({ status: "success", data }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const subject = { namespace: "commerce-dev", service: "shop-canary", release: "shop-1-5-0" };
  await new Prometheus(`http://127.0.0.1:${port}`).measure(subject, 600, 0.99, true);
  server.close();
  const query = (needle: RegExp) => {
    const [text, ...others] = found.filter((it) => needle.test(it));
    if (text === undefined || others.length > 0) {
      throw new Error(`expected one query with ${String(needle)}, got ${found.join("\n")}`);
    }
    return text;
  };
  return {
    requests: query(/requests:total\{[^}]*canary"\}/),
    errors: query(/5\.\./),
    latency: query(/histogram_quantile/),
    restarts: query(/restarts/),
    gaps: query(/absent/),
    unclear: query(/code="2"/),
  };
}
