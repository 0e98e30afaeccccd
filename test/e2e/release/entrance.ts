import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { accessFields } from "../../../components/logging/access-log";
import { accessEvent } from "../../support/access-line";
import { get } from "../../support/logstash";
import { until } from "../../support/until";
import { gatewayPort } from "../support/containers";
import { ask as askFrom } from "../support/traefik";
import { host, otherHost, rpcHost, type ReleasedShop } from "./shop";

/** Calls at the rate limit: more than it lets pass, also where they take several seconds on a busy machine. */
const sent = 120;

/** Declares the tests of the gateway: its access log, and what it lets through. */
export function guardsEntrance(current: () => ReleasedShop): void {
  describe("at the gateway", () => {
    let shop: ReleasedShop;
    before(() => (shop = current()));

    it("its access log has every field that is indexed, under the app's domain, with route and release", async () => {
      await shop.ask(1, {
        "x-gray": "1",
        "user-agent": "test",
        referer: "http://a.example.com/",
      });
      const last = (has: RegExp) => {
        // What follows the last line break may not be a whole line yet.
        const lines = shop.containers.gatewayLog.join("").split("\n").slice(0, -1).reverse();
        return lines.find((text) => has.test(text)) ?? "";
      };
      const isLogged = () => last(/"request_Referer"/) !== "";
      await until("the request is in the access log", 30, isLogged, 20);
      const line = last(/"request_Referer"/);
      for (const field of Object.keys(accessFields)) assert.ok(line.includes(`"${field}":`), field);
      const event = accessEvent(line, { shop: host, news: "news.example.com" });
      assert.deepEqual(
        ["ltype", "domain", "app", "release", "canary", "message", "[@metadata][stream]"].map(
          (field) => get(event, field),
        ),
        ["gateway", host, "shop", "canary", "true", `GET ${host}/ 200`, host],
      );
      assert.match(String(get(event, "route")), /commerce-dev-shop/);
      const stable = last(/"ServiceName":"[^"]*-stable-/);
      assert.equal(get(accessEvent(stable, { shop: host }), "release"), "stable");
      shop.noneFailed();
    });

    it("an address that is not in its allow-list is refused, whatever it claims to be", async () => {
      const from = "10.255.0.1";
      const headers = { "x-forwarded-for": "10.0.0.1", "x-gray": "1" };
      for (const sent of [{}, headers]) {
        const options = { host, from, headers: sent };
        assert.match(await askFrom(shop.containers.gatewayAddress, gatewayPort, options), /^403/);
      }
      assert.equal((await shop.ask(20)).failed.length, 0);
      shop.noneFailed();
    });

    it("an app is reached over HTTP/2 with trailers, at each of its hosts and paths, and nowhere else", async () => {
      const path = "/shop.Orders/List";
      for (const each of [rpcHost, otherHost]) {
        assert.deepEqual(await shop.callRpc(each, path), {
          status: 200,
          body: `1.0.0 ${each}${path}`,
          trailers: { "grpc-status": "0" },
        });
      }
      assert.equal((await shop.callRpc(rpcHost, "/shop.OrdersOfOthers/List")).status, 404);
      assert.equal((await shop.callRpc(rpcHost, "/")).status, 404);
      shop.noneFailed();
    });

    it("a client gets as many responses per second as its rate limit permits, and then 429", async () => {
      // Earlier calls are forgotten after two seconds: 20 calls at 10 a second.
      await sleep(3000);
      const before = Date.now();
      const answers = await shop.callRpcs(otherHost, "/limited", sent);
      const seconds = (Date.now() - before) / 1000;
      const statuses = answers.map(({ status }) => status);
      const passed = statuses.filter((status) => status === 200).length;
      // A burst of 20, and 10 more per second of the calls' duration.
      const most = 21 + 10 * seconds;
      assert.ok(passed >= 20 && passed <= most, `${passed} calls passed in ${seconds} s`);
      assert.ok(passed < sent, `all ${sent} calls passed in ${seconds} s`);
      assert.equal(statuses.filter((status) => status === 429).length, sent - passed);
      shop.noneFailed();
    });
  });
}
