import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setConfig } from "../../../../cli/config/set";

const stackText = `# The shop's stack.
config:
  platform:environment: dev
  platform:domain: platform.test
  platform:cluster: {kubeconfig: k, context: c}
  platform:appFiles: apps/dev
  platform:components:
    tenancy: { teams: { commerce: {} } }   # everybody
  platform:apps:
    shop:
      team: commerce
      domain: shop.test
      image: registry.test/shop
      stable: { version: "1.10" }
`;

const appText = `# Cart.
team: commerce
domain: cart.test
image: registry.test/cart
scaling: {min: 2,  max: 4} # enough
stable: {version: 1.0.0}
`;

describe("npx platform config set", () => {
  let folder: string;
  const stackFile = () => readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8");
  const appFile = () => readFileSync(join(folder, "apps/dev/cart.yaml"), "utf8");
  const set = (key: string, value?: string, isText?: boolean) =>
    setConfig({ stack: "dev", key, value, isText, folder });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "set-"));
    mkdirSync(join(folder, "apps/dev"), { recursive: true });
    writeFileSync(join(folder, "Pulumi.dev.yaml"), stackText);
    writeFileSync(join(folder, "apps/dev/cart.yaml"), appText);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("changes one value, and no other character", () => {
    assert.equal(set("platform:domain", "other.test"), "Pulumi.dev.yaml");
    assert.equal(stackFile(), stackText.replace("platform.test", "other.test"));
    assert.equal(appFile(), appText);
  });

  it("changes the app's own file if it has one", () => {
    assert.equal(set("apps.cart.scaling.max", "9"), "apps/dev/cart.yaml");
    assert.equal(appFile(), appText.replace("max: 4", "max: 9"));
    assert.equal(stackFile(), stackText);
  });

  it("adds a key, and removes it", () => {
    set("apps.shop.freeze", '{ reason: sale, until: "2030-01-01T00:00:00Z" }');
    assert.match(stackFile(), /freeze:\n {8}reason: sale/);
    set("apps.shop.freeze");
    assert.equal(stackFile(), stackText);
  });

  it("quotes a text that YAML parsers would read as another type", () => {
    set("apps.shop.stable.version", "1.20", true);
    assert.equal(stackFile(), stackText.replace("1.10", "1.20"));
    assert.throws(() => set("apps.shop.stable.version", "012"), /^Error: <value>.*--text/);
  });

  for (const [key, value, message] of [
    [
      "apps.shop.scaling.max",
      "0",
      "platform:apps.shop.scaling.max: expected an integer from 1 to 200, got 0",
    ],
    [
      "apps.cart.scaling.max",
      "one",
      'apps/dev/cart.yaml: scaling.max: expected an integer from 1 to 200, got "one"',
    ],
    ["apps.shop.prot", "80", 'got "prot"; did you mean "port"?'],
    ["cluster.version", "1.36", 'expected one of "1.34", "1.35", "1.36", "1.37", got 1.36'],
    ["apps..max", "80", '<key>: expected a key such as apps.shop.scaling.max, got "apps..max"'],
    [
      "apps.cart",
      "{}",
      "<key>: expected a key of the app, because apps/dev/cart.yaml contains only the app",
    ],
    [
      "apps.shop.canary",
      undefined,
      '<key>: expected a key that the file has, got "config.platform:apps.shop.canary"',
    ],
  ] as const) {
    it(`does not write ${key} = ${value ?? "nothing"}, and says why`, () => {
      assert.throws(
        () => set(key, value),
        (error: Error) => error.message.includes(message) || assert.fail(error.message),
      );
      assert.equal(stackFile(), stackText);
      assert.equal(appFile(), appText);
    });
  }
});
