import assert from "node:assert/strict";
import { parseStack } from "../../../config";
import { errorsIn } from "./errors-of";
import { small } from "./small";

function errorsOf(app: object): string[] {
  const components = { ...small.components, storage: { existing: { files: "shared" } } };
  const shop = { ...small.apps.shop, preset: "php-fpm", ...app };
  return errorsIn(() => parseStack("dev", { ...small, components, apps: { shop } }));
}

const key = "platform:apps.shop";
const volume = (path: string) => ({
  volumes: { uploads: { path, storageClass: "files", size: "1Gi" } },
});

describe("an app with PHP-FPM", () => {
  it("reserves the port of PHP-FPM", () => {
    const what =
      "expected a port other than 9000, on which PHP-FPM listens in the same pod, got 9000";
    assert.deepEqual(errorsOf({ port: 9000, metrics: { port: 9000 } }), [
      `${key}.port: ${what}; nginx listens on this port for the app`,
      `${key}.metrics.port: ${what}; it answers no request over HTTP`,
    ]);
    assert.deepEqual(errorsOf({ port: 9001, metrics: { port: 9002 } }), []);
    assert.deepEqual(errorsOf({ preset: "node", port: 9000 }), []);
  });

  it("has no mount over its own code, but may have one next to its public files", () => {
    const hidden = (path: string) =>
      `expected a path other than ${path}, where the image has the app's code, got "${path}"; name one below ${path}`;
    for (const path of ["/app", "/app/public"]) {
      assert.deepEqual(errorsOf(volume(path)), [`${key}.volumes.uploads.path: ${hidden(path)}`]);
      assert.deepEqual(errorsOf({ secretFiles: { [path]: "keys" } }), [
        `${key}.secretFiles["${path}"]: ${hidden(path)}`,
      ]);
      assert.deepEqual(errorsOf({ logDirectories: { accesslogs: path } }), [
        `${key}.logDirectories.accesslogs: ${hidden(path)}`,
      ]);
      assert.deepEqual(errorsOf({ ...volume(path), preset: "node" }), []);
    }
    for (const path of ["/app/public/uploads", "/app/publicity", "/app/storage", "/ap"]) {
      assert.deepEqual(errorsOf(volume(path)), []);
    }
  });

  it("is not subject to this as a worker, which has no nginx", () => {
    const { team, image, stable } = small.apps.shop;
    const worker = { team, image, stable };
    const more = {
      ...worker,
      kind: "worker",
      preset: "php-fpm",
      port: 9000,
      ...volume("/app/public"),
    };
    const components = { ...small.components, storage: { existing: { files: "shared" } } };
    const apps = { shop: more };
    assert.deepEqual(
      errorsIn(() => parseStack("dev", { ...small, components, apps })),
      [],
    );
  });
});
