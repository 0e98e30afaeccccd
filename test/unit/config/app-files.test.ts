import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  imageTeams,
  InvalidConfig,
  parseStack,
  pipelineGroupsOf,
  pipelinesOf,
  type StackConfig,
} from "../../../config";
import { refuseClashes } from "../../../program/neighbours";

const shop = `# the shop
team: commerce
domain: shop.platform.test
image: harbor.platform.test/shop/shop
stable: { version: 1.4.2 }
`;

describe("an app in a file of its own", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "app-files-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(path: string, text: string | Buffer): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  function stack(appFiles: unknown, more: object = {}): StackConfig {
    const common = {
      environment: "online",
      domain: "platform.test",
      cluster: { kubeconfig: "none", context: "none" },
    };
    return parseStack("prod", { ...common, appFiles, ...more }, undefined, folder);
  }

  function errors(work: () => unknown): string[] {
    try {
      work();
      return [];
    } catch (error) {
      assert.ok(error instanceof InvalidConfig, String(error));
      return error.errors.map(({ key, message }) => `${key}: ${message}`);
    }
  }

  it("is an app of the stack that names its folder, a pattern, or itself", () => {
    write("apps/prod/shop.yaml", shop);
    write("apps/prod/news.yaml", shop.replaceAll("shop", "news"));
    write("apps/prod/shop/application.yaml", "a: 1");
    assert.deepEqual(Object.keys(stack("apps/prod").apps), ["news", "shop"]);
    assert.deepEqual(Object.keys(stack("apps/prod/sh*.yaml").apps), ["shop"]);
    assert.deepEqual(Object.keys(stack(["apps/*/news.yaml", "apps/prod/shop.yaml"]).apps), [
      "news",
      "shop",
    ]);
    assert.equal(stack("apps/prod").apps["shop"]?.domain, "shop.platform.test");
  });

  it("is combined with the apps in the stack's file", () => {
    write("apps/prod/shop.yaml", shop);
    const cart = { team: "commerce", domain: "cart.platform.test", image: "harbor.test/a/b" };
    const apps = { cart: { ...cart, stable: { version: "1.0.0" } } };
    assert.deepEqual(Object.keys(stack("apps/prod", { apps }).apps), ["cart", "shop"]);
  });

  it("has its errors named by file and key", () => {
    write("apps/prod/shop.yaml", shop.replace("1.4.2 }", "1.4.2, wieght: 3 }"));
    write("apps/prod/news.yaml", shop);
    const found = errors(() => stack("apps/prod"));
    assert.match(
      found[0] ?? "",
      /^apps\/prod\/shop\.yaml: stable\.wieght: expected one of the keys .*, got "wieght"/,
    );
    write("apps/prod/shop.yaml", shop);
    const [duplicate] = errors(() => stack("apps/prod"));
    assert.match(
      duplicate ?? "",
      /^apps\/prod\/shop\.yaml: domain: .*domain of apps\/prod\/news\.yaml/,
    );
  });

  it("is refused if it is not YAML, not a mapping, or not named after an app", () => {
    write("apps/prod/shop.yaml", "team: [");
    write("apps/prod/news.yaml", "- a");
    write("apps/prod/cart.yml", shop);
    const found = errors(() => stack("apps/prod"));
    assert.ok(
      found.some((text) =>
        text.startsWith(
          'apps/prod/cart.yml: expected an app\'s name and .yaml, such as shop.yaml, got "cart.yml"',
        ),
      ),
      found.join("\n"),
    );
    assert.ok(found.some((text) => text.startsWith("apps/prod/shop.yaml: is not valid YAML")));
    assert.ok(found.some((text) => text.startsWith("apps/prod/news.yaml: ")));
  });

  it("is declared once: not by two files, and not by a file and the stack", () => {
    write("apps/a/shop.yaml", shop);
    write("apps/b/shop.yaml", shop);
    assert.deepEqual(
      errors(() => stack(["apps/a", "apps/b"])),
      [
        "apps/b/shop.yaml: expected one file for an app, got a second one: apps/a/shop.yaml already declares shop",
      ],
    );
    const [twice] = errors(() => stack("apps/a", { apps: { shop: {} } }));
    assert.match(twice ?? "", /^apps\/a\/shop\.yaml: expected one declaration of an app/);
  });

  it("is below apps/, even through links", () => {
    for (const bad of [
      "../other",
      "apps/../../etc",
      "/etc",
      "config",
      "apps//prod",
      "apps/./x",
      "",
    ]) {
      assert.match(errors(() => stack(bad))[0] ?? "", /^platform:appFiles: .*below apps\//, bad);
    }
    write("secret/shop.yaml", shop);
    mkdirSync(join(folder, "apps/prod"), { recursive: true });
    symlinkSync(join(folder, "secret/shop.yaml"), join(folder, "apps/prod/shop.yaml"));
    symlinkSync(join(folder, "secret"), join(folder, "apps/linked"));
    const outside = "expected a file below apps/, got a link that leads out of it";
    assert.deepEqual(
      errors(() => stack(["apps/prod", "apps/linked"])),
      [`apps/prod/shop.yaml: ${outside}`, `apps/linked/shop.yaml: ${outside}`],
    );
  });

  it("may be declared before its first release, with a pipeline and an image project", () => {
    write("apps/prod/shop.yaml", shop.replace(/^stable.*$/m, ""));
    const parsed = stack("apps/prod");
    assert.deepEqual(Object.keys(parsed.apps), []);
    assert.deepEqual(Object.keys(pipelinesOf(parsed)), ["shop"]);
    assert.deepEqual(Object.keys(pipelineGroupsOf(parsed, pipelinesOf(parsed))), ["commerce"]);
    assert.deepEqual(imageTeams(parsed)["commerce"]?.domains, ["shop.platform.test"]);
    write(
      "apps/prod/shop.yaml",
      shop.replace("stable: { version: 1.4.2 }", "canary: { version: 1.0.0, weight: 1 }"),
    );
    assert.match(
      errors(() => stack("apps/prod"))[0] ?? "",
      /shop\.yaml: canary: expected stable as well, got none/,
    );
  });

  it("must exist", () => {
    assert.deepEqual(
      errors(() => stack("apps/prdo")),
      ['platform:appFiles: expected a folder or files that exist, got "apps/prdo"'],
    );
  });

  it("is in one stack of a platform only", () => {
    write("apps/prod/shop.yaml", shop);
    write("Pulumi.prod.yaml", "config:\n  platform:appFiles: apps/prod\n");
    const own = { ...stack("apps/prod"), platformStack: "organization/platform/prod" };
    assert.match(
      errors(() => refuseClashes("shop", own, folder)).join("\n"),
      /^apps\/prod\/shop\.yaml: expected a name of an app that nothing else uses, got "shop", which app shop of stack prod \(apps\/prod\/shop\.yaml\) uses/m,
    );
  });

  describe("with a folder of config files", () => {
    const withDir = `${shop}configDir:\n  /etc/shop: apps/prod/shop\n`;

    it("mounts each file as if it were in configFiles", () => {
      write("apps/prod/shop.yaml", `${withDir}configFiles:\n  /etc/hosts.conf: own\n`);
      write("apps/prod/shop/application.yaml", "a: 1\n");
      write("apps/prod/shop/db/pool.properties", "size=3\n");
      assert.deepEqual(stack("apps/prod").apps["shop"]?.configFiles, {
        "/etc/hosts.conf": "own",
        "/etc/shop/application.yaml": "a: 1\n",
        "/etc/shop/db/pool.properties": "size=3\n",
      });
    });

    it("refuses what is outside, missing, binary or named twice", () => {
      write("apps/prod/shop.yaml", withDir);
      const dirError = () => errors(() => stack("apps/prod"))[0] ?? "";
      assert.match(dirError(), /^apps\/prod\/shop\.yaml: configDir.*expected a folder that exists/);
      write("apps/prod/shop/logo.bin", Buffer.from([0xff, 0xfe, 0x00]));
      assert.match(dirError(), /expected text in UTF-8, as apps\/prod\/shop\/logo.bin is not/);
      rmSync(join(folder, "apps/prod/shop/logo.bin"));
      symlinkSync("/etc", join(folder, "apps/prod/shop/etc"));
      assert.match(
        dirError(),
        /expected a folder without links .*, as apps\/prod\/shop\/etc is one/,
      );
      write("apps/prod/shop.yaml", withDir.replace("apps/prod/shop\n", "../../etc\n"));
      assert.match(dirError(), /expected a folder below apps\//);
      rmSync(join(folder, "apps/prod/shop/etc"));
      write("apps/prod/shop/a.txt", "a");
      write("apps/prod/shop.yaml", `${withDir}configFiles:\n  /etc/shop/a.txt: b\n`);
      assert.match(dirError(), /expected a file of configDir or one of configFiles, got both/);
    });
  });
});
