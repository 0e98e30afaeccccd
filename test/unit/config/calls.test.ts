import assert from "node:assert/strict";
import { InvalidConfig, parseStack } from "../../../config";
import { small } from "./small";

/** Returns the errors for the apps that the small config's app calls. */
function errorsOf(calls: unknown): string[] {
  try {
    parseStack("dev", { ...small, apps: { shop: { ...small.apps.shop, calls } } });
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

describe("the apps that an app calls", () => {
  const key = "platform:apps.shop.calls";

  it("are named alone, or with their team", () => {
    assert.deepEqual(errorsOf(["cart", "commerce/search"]), []);
    for (const wrong of ["Cart", "a/b/c", "/cart", ""]) {
      assert.deepEqual(errorsOf([wrong]), [
        `${key}[0]: expected the name of an app of the same team, or a team and an app such as content/news, got ${JSON.stringify(wrong)}`,
      ]);
    }
  });

  it("are other apps, each named once", () => {
    assert.deepEqual(errorsOf(["shop"]), [`${key}[0]: expected another app, got "shop"`]);
    assert.deepEqual(errorsOf(["cart", "commerce/cart"]), [
      `${key}[1]: expected an app that nothing else uses, got "commerce/cart", which ${key}[0] uses`,
    ]);
  });

  it("are of a team that the stack knows", () => {
    assert.deepEqual(errorsOf(["content/news"]), [
      `${key}[0]: expected an app of a team in platform:components.tenancy.teams (commerce), got "content/news"`,
    ]);
  });

  it("are those of the branch in a branch's own environment", () => {
    const apps = {
      shop: { ...small.apps.shop, calls: ["cart", "search"] },
      cart: { ...small.apps.shop, domain: "cart.platform.test", number: 8 },
    };
    const { placement, tenancy } = small.components;
    const components = { placement, tenancy };
    const test = { ...small, environment: "test", branch: "fix", components, apps };
    const stack = parseStack("test", test);
    assert.deepEqual(stack.apps["shop"]?.calls, ["cart"]);
  });
});
