import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Prometheus } from "../../../../cli/release/prometheus";
import { judgeQuery } from "../../../../cli/release/query";

const subject = { namespace: "commerce-dev", service: "shop-canary", release: "shop-1-5-0" };

describe("the queries of a check", () => {
  let server: Server;
  let values: string[];
  let asked: string[];

  const prometheus = () =>
    new Prometheus(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(new URL(request.url ?? "", "http://localhost").searchParams.get("query") ?? "");
      const result = values.map((value, at) => ({ metric: { pod: `p${at}` }, value: [0, value] }));
      response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  async function judge(...given: string[]): Promise<string> {
    values = given;
    const query = 'failed{release="$release"}[$window]';
    const answer = await prometheus().ask(subject, query, 600);
    const { verdict, text } = judgeQuery("failed", answer, { max: 5 });
    return `${verdict} ${text}`;
  }

  it("count gRPC's codes for server errors, and the ambiguous ones", async () => {
    values = ["7"];
    const codes = () =>
      asked
        .flatMap((query) => /code=~?"([^"]+)"/.exec(query)?.[1] ?? [])
        .map((text) => new RegExp(`^(?:${text})$`))
        .map((code) =>
          Array.from({ length: 600 }, (_, at) => at).filter((at) => code.test(`${at}`)),
        );
    const measured = await prometheus().measure(subject, 600, 0.99);
    const http = Array.from({ length: 100 }, (_, at) => 500 + at);
    assert.deepEqual(codes(), [[4, 12, 13, 14, 15, ...http]]);
    assert.deepEqual([measured.errors, measured.unclear], [7, 0]);
    const rpc = await prometheus().measure(subject, 600, 0.99, true);
    assert.deepEqual([rpc.errors, rpc.unclear], [7, 7]);
    assert.deepEqual(codes().at(-1), [2]);
  });

  it("of an app are judged by their number", async () => {
    assert.equal(await judge("3"), "pass failed: 3; allowed: at most 5");
    assert.equal(await judge("6"), "fail failed: 6; allowed: at most 5");
    assert.deepEqual(new Set(asked), new Set(['failed{release="shop-1-5-0"}[600s]']));
  });

  it("of an app are inconclusive without a number or with several, any of which may fail", async () => {
    assert.equal(await judge(), "inconclusive failed: no number");
    assert.equal(await judge("NaN"), "inconclusive failed: no number");
    assert.equal(await judge("+Inf"), "inconclusive failed: no number");
    const several =
      "inconclusive failed: expected one number, got 2; put sum, max or min around the query";
    assert.equal(await judge("0", "900"), several);
    assert.equal(await judge("900", "0"), several);
  });
});
