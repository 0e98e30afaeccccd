import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { earlyHandovers } from "../../../program/foreign-handovers";
import type { Declared } from "../../../program/handovers";
import type { LiveApp } from "../../../program/wait/live-app";
import type { Address } from "../../../program/wait/live-route";

const platform = "organization/platform/online";
const www = { host: "www.platform.test", path: "/" };

describe("hosts and paths that move to an app of another stack", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "handovers-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Writes the file of stack `store`, with an app `store` that has a host in addition to its domain. */
  function write(more: object = {}, platformStack = platform): void {
    const store = {
      ...{ team: "content", domain: "store.platform.test", hosts: [www.host] },
      ...{ stable: { version: "1.0.0" }, ...more },
    };
    const config = { "platform:platformStack": platformStack, "platform:apps": { store } };
    writeFileSync(join(folder, "Pulumi.store.yaml"), stringify({ config }, { compat: "yaml-1.1" }));
  }

  /**
   * Returns what is said of stack `shop`, whose app `shop` serves an address that its config does not have.
   * @param served what the route of app `store` serves; undefined if it has none.
   */
  function early(
    served?: Address[],
    hosts: string[] = [],
    name = "shop",
    others: Declared[] = [],
  ): Promise<string[]> {
    const live = (addresses: Address[]): LiveApp => ({ services: {}, releases: {}, addresses });
    const asking = { name: "shop", platformStack: platform, folder };
    const app = { domain: "shop.platform.test", hosts, paths: ["/"] };
    const lives = { [name]: live([{ host: "shop.platform.test", path: "/" }, www]) };
    const apps = [{ name: "shop", app }, ...others];
    return earlyHandovers(asking, apps, lives, (other, team) => {
      assert.deepEqual([other, team], ["store", "content"]);
      return Promise.resolve(served && live(served));
    });
  }

  const text = (from: string) => [
    `www.platform.test of app ${from} goes to app store of stack store, which does not serve it yet; update stack store first`,
  ];

  it("are given up after that app serves them", async () => {
    write();
    assert.deepEqual(await early(), text("shop"));
    assert.deepEqual(await early([{ host: "store.platform.test", path: "/" }]), text("shop"));
    assert.deepEqual(await early([www]), []);
  });

  it("are given up at once if no app has them, or the app keeps them", async () => {
    write({ hosts: [] });
    assert.deepEqual(await early(), []);
    write();
    assert.deepEqual(await early(undefined, [www.host]), []);
  });

  it("are not held back if that app is not released, or belongs to another platform", async () => {
    write({ stable: undefined });
    assert.deepEqual(await early(), []);
    write({}, "organization/platform/gray");
    assert.deepEqual(await early(), []);
  });

  it("are also those of an app that the config no longer has", async () => {
    write();
    assert.deepEqual(await early(undefined, [], "news"), text("news"));
    assert.deepEqual(await early([www], [], "news"), []);
    assert.deepEqual(await early(undefined, [], "store"), []);
  });

  it("are held back for the part that no app of the own stack takes over", async () => {
    write();
    const orders = (path: string) => {
      const app = { domain: "orders.platform.test", hosts: [www.host], paths: [path] };
      return early(undefined, [], "shop", [{ name: "orders", app }]);
    };
    assert.deepEqual(await orders("/api"), text("shop"));
    assert.deepEqual(await orders("/"), []);
    write({ paths: ["/api/v2"] });
    assert.deepEqual(await orders("/api"), []);
  });

  it("are held back until that app serves all of them", async () => {
    write({ paths: ["/", "/pay"] });
    assert.deepEqual(await early([{ ...www, path: "/pay" }]), text("shop"));
    assert.deepEqual(await early([www]), []);
  });

  it("are compared with the paths of that app", async () => {
    write({ paths: ["/pay"] });
    assert.deepEqual(await early([{ ...www, path: "/pay" }]), []);
    assert.deepEqual(await early(), text("shop"));
  });
});
