import assert from "node:assert/strict";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StackFile } from "../../../../cli/release/stack-file";
import { YamlFile } from "../../../../cli/release/yaml-file";

describe("a YAML file that commands edit", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "yaml-file-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const at = (name: string) => join(folder, name);
  const read = (name: string) => readFileSync(at(name), "utf8");

  describe("an edit of a file", () => {
    it("changes the target of a link, and keeps the link", () => {
      mkdirSync(at("prod"));
      writeFileSync(at("prod/shop.yaml"), "domain: a.test\n");
      symlinkSync("prod/shop.yaml", at("shop.yaml"));
      const file = new YamlFile(at("shop.yaml"));
      file.setScalar(["domain"], "b.test");
      file.save();
      assert.ok(lstatSync(at("shop.yaml")).isSymbolicLink());
      assert.equal(read("prod/shop.yaml"), "domain: b.test\n");
    });

    it("keeps line ends, the byte order mark and the permissions", () => {
      const text =
        "\uFEFFdomain: a.test # main\r\n\r\nstable: { version: 1.0.0 }\r\nhosts: [ a ]\r\n";
      writeFileSync(at("shop.yaml"), text);
      chmodSync(at("shop.yaml"), 0o640);
      const file = new YamlFile(at("shop.yaml"));
      file.document.setIn(["canary"], file.document.createNode({ version: "1.1.0" }));
      file.save();
      assert.equal(read("shop.yaml"), `${text}canary:\r\n  version: 1.1.0\r\n`);
      assert.equal(statSync(at("shop.yaml")).mode & 0o777, 0o640);
      file.restore();
      assert.equal(read("shop.yaml"), text);
    });

    it("keeps the line end of every other line", () => {
      writeFileSync(at("mixed.yaml"), "a: 1\r\nb: {v: 1}\nc: 3\r\nd: 4\r\n");
      const file = new YamlFile(at("mixed.yaml"));
      file.document.setIn(["c"], file.document.createNode([3]));
      file.save();
      assert.equal(read("mixed.yaml"), "a: 1\r\nb: {v: 1}\nc:\r\n  - 3\r\nd: 4\r\n");
    });

    it("is refused if the file has changed since it was read", () => {
      writeFileSync(at("shop.yaml"), "weight: 5\n");
      const file = new YamlFile(at("shop.yaml"));
      file.setScalar(["weight"], 50);
      writeFileSync(at("shop.yaml"), "weight: 77\n");
      assert.throws(
        () => file.save(),
        /shop\.yaml changed meanwhile; nothing was written\. Run the command again\./,
      );
      assert.equal(read("shop.yaml"), "weight: 77\n");
      rmSync(at("shop.yaml"));
      assert.throws(() => file.save(), /shop\.yaml changed meanwhile/);
    });
  });

  describe("two commands that edit one stack file", () => {
    const text = `config:
  platform:apps:
    # the shop
    shop: { image: a/shop, stable: { version: 1.0.0 } } # main
    stock: { image: a/stock, stable: { version: 1.0.0 } }
`;
    const canary = (app: string, version: string) => {
      const file = new StackFile("prod", folder);
      file.setCanary(app, { version, revision: 1 }, 10);
      file.save();
      return file;
    };
    beforeEach(() => writeFileSync(at("Pulumi.prod.yaml"), text));

    it("each restore only their own app", () => {
      const first = canary("shop", "1.1.0");
      const second = canary("stock", "2.0.0");
      assert.deepEqual(first.restore(), []);
      const other = "stock: { image: a/stock, stable: { version: 1.0.0 }, canary: ";
      const [before = "", after = ""] = read("Pulumi.prod.yaml").split(other);
      assert.equal(`${before}stock:`, text.slice(0, text.indexOf("stock:") + "stock:".length));
      assert.match(after, /^\{ version: 2\.0\.0, weight: 10 \} \}\n$/);
      assert.equal(first.get("stock", "canary", "weight"), 10);
      assert.deepEqual(second.restore(), []);
      assert.equal(read("Pulumi.prod.yaml"), text);
    });

    it("keep what else somebody wrote to the file", () => {
      const file = canary("shop", "1.1.0");
      const domain = "config:\n  platform:domain: a.test\n";
      writeFileSync(at("Pulumi.prod.yaml"), read("Pulumi.prod.yaml").replace("config:\n", domain));
      assert.deepEqual(file.restore(), []);
      assert.equal(read("Pulumi.prod.yaml"), text.replace("config:\n", domain));
    });

    it("keep a file in which somebody changed the same app, or that is no longer YAML", () => {
      for (const [own, change] of [
        ["weight: 10", "weight: 50"],
        ["config:", "config: ["],
      ] as const) {
        writeFileSync(at("Pulumi.prod.yaml"), text);
        const file = canary("shop", "1.1.0");
        const changed = read("Pulumi.prod.yaml").replace(own, change);
        writeFileSync(at("Pulumi.prod.yaml"), changed);
        assert.deepEqual(file.restore(), [at("Pulumi.prod.yaml")]);
        assert.equal(read("Pulumi.prod.yaml"), changed);
      }
    });
  });
});
