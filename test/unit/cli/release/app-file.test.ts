import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configOf, planOf } from "../../../../cli/release/context";
import { edits } from "../../../../cli/release/edits";
import { StackFile } from "../../../../cli/release/stack-file";

const stackText = `config:
  platform:environment: online
  platform:appFiles: apps/prod
  platform:apps:
    news: { team: content, stable: { version: 1.0.0 } }
`;
const appText = `# The shop's own file
team: commerce
stable: { version: 1.4.2 } # since March
canary: { version: 1.5.0, weight: 10 }
`;

describe("an app's own file under the release commands", () => {
  let folder: string;
  let file: StackFile;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "app-file-"));
    mkdirSync(join(folder, "apps/prod"), { recursive: true });
    writeFileSync(join(folder, "Pulumi.prod.yaml"), stackText);
    writeFileSync(join(folder, "apps/prod/shop.yaml"), appText);
    file = new StackFile("prod", folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (path: string) => readFileSync(join(folder, path), "utf8");

  it("is the file that an edit changes, with comments kept", () => {
    file.setStable("shop", { version: "1.5.0", revision: 1 });
    file.save();
    assert.equal(
      read("apps/prod/shop.yaml"),
      "# The shop's own file\nteam: commerce\nstable: { version: 1.5.0 } # since March\n",
    );
    assert.equal(read("Pulumi.prod.yaml"), stackText);
    assert.equal(file.fileOf("shop"), join(folder, "apps/prod/shop.yaml"));
  });

  it("is not changed by edits of an app in the stack's file", () => {
    file.setStable("news", { version: "1.1.0", revision: 1 });
    file.save();
    assert.equal(read("apps/prod/shop.yaml"), appText);
    assert.match(read("Pulumi.prod.yaml"), /news: \{.*version: 1\.1\.0/);
  });

  it("is decided on with its unsaved content", () => {
    file.setWeight("shop", 50);
    const { apps } = file.appFiles();
    assert.equal((apps["shop"] as { canary: { weight: number } }).canary.weight, 50);
    assert.deepEqual(file.apps(), ["news", "shop"]);
    file.reload();
    assert.equal(file.get("shop", "canary", "weight"), 10);
  });

  it("is restored if an update fails", () => {
    file.setWeight("shop", 50);
    file.save();
    file.restore();
    assert.equal(read("apps/prod/shop.yaml"), appText);
  });

  it("gets its first release by the command that starts canaries", () => {
    const more =
      "  platform:domain: platform.test\n  platform:cluster: { kubeconfig: k, context: c }\n";
    writeFileSync(join(folder, "Pulumi.prod.yaml"), stackText.split("  platform:apps")[0] + more);
    const app = "team: commerce\ndomain: shop.platform.test\nimage: harbor.test/shop/shop\n";
    writeFileSync(join(folder, "apps/prod/shop.yaml"), app);
    const fresh = new StackFile("prod", folder);
    const context = { stack: "prod", app: "shop", file: fresh, record: undefined, now: new Date() };
    assert.throws(
      () => configOf(context),
      /"shop" of stack "prod" has no release yet; .* canary shop/,
    );
    edits.canary(context, { version: "1.0.0", revision: 1 }, 10);
    fresh.save();
    assert.equal(read("apps/prod/shop.yaml"), `${app}stable: { version: 1.0.0 }\n`);
    assert.equal(planOf(context).stable, "1.0.0");
  });
});
