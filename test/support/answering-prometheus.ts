import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The numbers that the queries of a check ask for, for one release. */
export interface Answers {
  requests: number;
  errors: number;
  /** Seconds. */
  latency: number;
  restarts: number;
}

/**
 * A stub of Prometheus that gives the same numbers for every release, by what a query asks for.
 * @param others numbers of stable releases, and numbers as of a given time, if they differ.
 */
export async function startAnsweringPrometheus(
  answers: Answers,
  others: { stable?: Answers; then?: Answers } = {},
): Promise<{ address: string; close: () => void }> {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://localhost");
    const query = searchParams.get("query") ?? "";
    const number = asked(query);
    const { stable = answers, then = answers } = others;
    const canary = searchParams.has("time") ? then : answers;
    const numbers = query.includes('-stable"') ? stable : canary;
    const result =
      number === undefined ? [] : [{ metric: {}, value: [0, String(numbers[number])] }];
    response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Returns which number a query asks for; undefined for gaps in the series, of which there are none. */
export function asked(query: string): keyof Answers | undefined {
  if (query.includes("absent")) return undefined;
  if (query.includes("restarts")) return "restarts";
  if (query.includes("quantile")) return "latency";
  return query.includes("5..") ? "errors" : "requests";
}
