import assert from "node:assert/strict";
import { app, platform, StackFiles } from "./stacks";

describe("a platform stack next to its app stacks", () => {
  let files: StackFiles;
  beforeEach(() => {
    files = new StackFiles();
  });
  afterEach(() => files.remove());

  const online = (components: object) => files.refused("online", {}, undefined, components);

  it("has no web UI with a host of an app, at any path", () => {
    const hosts = ["board.platform.test"];
    files.write("shop", { shop: app("shop.platform.test", { hosts, paths: ["/api"] }) }, platform);
    files.write("news", { news: app("dashboard.platform.test", { team: "content" }) }, platform);
    const text = (host: string, by: string) =>
      `platform:components.dashboard.host: expected a host name that nothing else uses, got "${host}", which app ${by} uses`;
    assert.deepEqual(online({ dashboard: {} }), [
      text("dashboard.platform.test", "news of stack news"),
    ]);
    assert.deepEqual(online({ dashboard: { host: "board.platform.test" } }), [
      text("board.platform.test", "shop of stack shop"),
    ]);
    assert.deepEqual(online({ dashboard: { host: "other.platform.test" } }), []);
  });

  it("has no port of the gateway that an app has", () => {
    files.write("shop", { shop: app("shop.platform.test", { number: 80 }) }, platform);
    const gateway = (http: number) => online({ gateway: { exposure: { type: "NodePort", http } } });
    assert.deepEqual(gateway(32_080), [
      "platform:components.gateway.exposure.http: expected a node port that nothing else uses, got 32080, which app shop of stack shop uses",
    ]);
    assert.deepEqual(gateway(30_080), []);
  });

  it("does not know the app stacks of other platforms", () => {
    files.write("shop", { shop: app("dashboard.platform.test") }, "organization/platform/dev");
    assert.deepEqual(online({ dashboard: {} }), []);
  });
});
