import assert from "node:assert/strict";
import { parseStack, templateOf, type StackConfig } from "../../../config";
import { errorsIn } from "./errors-of";
import { small } from "./small";

const storage = { existing: { files: "shared", disks: "block" } };
const uploads = { path: "/srv/uploads", storageClass: "files", size: "20Gi" };
const index = { path: "/srv/index", storageClass: "disks", size: "5Gi", per: "pod" };

function parsed(volumes: unknown, quota: object = {}, apps: object = {}): StackConfig {
  const { tenancy } = small.components;
  const usual = { cpu: "16", memory: "32Gi", pods: 100 };
  const commerce = { ...tenancy.teams.commerce, quota: { ...usual, ...quota } };
  return parseStack("dev", {
    ...small,
    components: { ...small.components, storage, tenancy: { teams: { commerce } } },
    apps: { shop: { ...small.apps.shop, volumes }, ...apps },
  });
}

const errorsOf = (...args: Parameters<typeof parsed>) => errorsIn(() => parsed(...args));

describe("the volumes of an app", () => {
  const key = "platform:apps.shop.volumes";

  it("are the app's own unless each pod has one", () => {
    const { volumes } = parsed({ uploads, index }).apps["shop"]!;
    assert.deepEqual(volumes, { uploads: { ...uploads, per: "app" }, index });
  });

  it("are not limited to one node or one pod if two releases share them", () => {
    for (const accessMode of ["ReadWriteOnce", "ReadWriteOncePod"]) {
      assert.deepEqual(errorsOf({ uploads: { ...uploads, accessMode } }), [
        `${key}.uploads.accessMode: expected ReadWriteMany, got "${accessMode}"; stable and canary run at the same time on several nodes, and a claim for one node or pod would keep one of them from starting; use a class of shared file systems, or per: pod for files that each pod has for itself; data that must not be shared belongs in a database`,
      ]);
      assert.deepEqual(errorsOf({ index: { ...index, accessMode } }), []);
    }
    assert.deepEqual(errorsOf({ index: { ...index, accessMode: "ReadWriteMany" } }), [
      `${key}.index.accessMode: expected ReadWriteOnce or ReadWriteOncePod next to per: pod, got "ReadWriteMany"`,
    ]);
  });

  it("are of a class of the stack to which many pods may write", () => {
    assert.deepEqual(errorsOf({ uploads: { ...uploads, storageClass: "disks" } }), [
      `${key}.uploads.storageClass: expected a shared class (files), got "disks", which is a block class`,
    ]);
    assert.deepEqual(errorsOf({ index: { ...index, storageClass: "other" } }), [
      `${key}.index.storageClass: expected a class (disks, files), got "other"`,
    ]);
    assert.deepEqual(errorsOf({ index: { ...index, storageClass: "files" } }), []);
  });

  it("are mounted where nothing else is", () => {
    assert.match(
      errorsOf({ uploads: { ...uploads, path: "/tmp" } }).join("\n"),
      /uploads\.path: expected a path other than \/tmp/,
    );
    assert.match(
      errorsOf({ uploads: { ...uploads, path: "/etc/shop/keys" } }).join("\n"),
      /uploads\.path: expected a path that nothing else uses/,
    );
    assert.match(
      errorsOf({ uploads: { ...uploads, path: "/etc/shop/keys/a" } }).join("\n"),
      /uploads\.path: expected a path outside \/etc\/shop\/keys, where a Secret is mounted/,
    );
  });

  it("have claims with names that no other app has, even of another team", () => {
    const other = { ...small.apps.shop, domain: "b.platform.test", number: 8 };
    assert.match(
      errorsOf({ "a-b": uploads }, {}, { "shop-a": { ...other, volumes: { b: uploads } } }).join(
        "\n",
      ),
      /shop-a\.volumes\.b: expected a claim's name that nothing else uses/,
    );
    const apart = { ...other, team: "content", volumes: { b: uploads } };
    assert.match(
      errorsOf({ "a-b": uploads }, {}, { "shop-a": apart }).join("\n"),
      /shop-a\.volumes\.b: expected a claim's name that nothing else uses, got "shop-a-b"/,
    );
  });

  it("fit the team's quota of volumes, counting those of pods at the maximum number", () => {
    // Stable and canary with at most 3 pods each, and a former release with 1.
    const what =
      "at least 55Gi, which the volumes of the team's apps may request (shop's uploads 1 × 20Gi, shop's index 7 × 5Gi)";
    assert.deepEqual(errorsOf({ uploads, index }, { volumes: "54Gi" }), [
      `platform:components.tenancy.teams.commerce.quota.volumes: expected ${what}, got "54Gi"`,
    ]);
    assert.deepEqual(errorsOf({ uploads, index }, { volumes: "55Gi" }), []);
  });

  it("belong to a release, except for the size of the app's own, which may grow at any time", () => {
    const template = (volumes: unknown) => templateOf(parsed(volumes).apps["shop"]!);
    const before = template({ uploads, index });
    assert.deepEqual(before.volumes, {
      uploads: { path: "/srv/uploads" },
      index: {
        path: "/srv/index",
        claim: { storageClass: "disks", size: "5Gi", accessMode: "ReadWriteOnce" },
      },
    });
    assert.deepEqual(template({ uploads: { ...uploads, size: "40Gi" }, index }), before);
    assert.notDeepEqual(template({ uploads, index: { ...index, size: "6Gi" } }), before);
    assert.equal("volumes" in template(undefined), false);
  });
});
