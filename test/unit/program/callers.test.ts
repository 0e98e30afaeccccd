import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseStack } from "../../../config";
import { callersOf } from "../../../program/callers";
import { decide } from "../../../program/decision";

const now = new Date("2026-11-21T12:00:00Z");
const common = {
  environment: "dev",
  domain: "platform.test",
  cluster: { kubeconfig: "none", context: "none" },
};

function stackOf(teamOfShop: string) {
  const app = (name: string, team: string, ...calls: string[]) => ({
    team,
    domain: `${name}.platform.test`,
    image: "harbor.platform.test/shop/shop",
    stable: { version: "1.4.2" },
    calls,
  });
  return parseStack("online", {
    ...common,
    apps: {
      shop: app("shop", teamOfShop),
      cart: app("cart", "commerce", "shop"),
      news: app("news", "content", "commerce/shop", "content/cart"),
      blog: app("blog", "content", "cart", "other/shop"),
    },
  });
}

describe("the apps that call an app which moves to another namespace", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "callers-"));
    const neighbour = {
      "platform:platformStack": "organization/platform/online",
      "platform:apps": {
        search: { team: "search", calls: ["content/shop"] },
        other: { team: "search", calls: ["shop"] },
      },
    };
    const elsewhere = {
      ...neighbour,
      "platform:platformStack": "organization/platform/elsewhere",
      "platform:apps": { far: { team: "search", calls: ["content/shop"] } },
    };
    for (const [name, config] of Object.entries({ online: {}, neighbour, elsewhere })) {
      writeFileSync(join(folder, `Pulumi.${name}.yaml`), JSON.stringify({ config }));
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  it("are found in its stack and in those of the same platform, by its former and its new team", () => {
    const called = { name: "shop", team: "content", from: "commerce-dev" };
    assert.deepEqual(callersOf(called, "online", stackOf("content"), folder), [
      "commerce/cart",
      "content/news",
      "search/search",
    ]);
  });

  it("are named in the update's messages", () => {
    const decided = (team: string, recorded?: unknown) => {
      const stack = stackOf(team);
      const app = stack.apps["shop"];
      assert.ok(app !== undefined);
      const { answer } = decide({ name: "shop", app, stackName: "x", stack, recorded, now });
      assert.ok(answer.kind === "plan");
      return answer;
    };
    const { move, steps } = decided("content", decided("commerce").next);
    const callers = ["commerce/cart", "content/news"];
    const address = "http://shop-stable.commerce-dev";
    assert.deepEqual(move, { from: "commerce-dev", to: "content-dev", address, callers });
    assert.match(steps[0]?.text ?? "", /it is called by commerce\/cart, content\/news/);
  });
});
