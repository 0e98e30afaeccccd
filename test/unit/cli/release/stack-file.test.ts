import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StackFile } from "../../../../cli/release/stack-file";

const text = `# The shop's own file
config:
  platform:environment: online # never change
  platform:apps:
    # the first app
    shop:
      team: commerce
      stable: { version: 1.4.2 } # since March
      canary: { version: 1.5.0, weight: 10 }
      env:
        LONG: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbb
    news:
      team: content
      freeze: { until: "2027-01-01T00:00:00Z", reason: year's end }
      stable:
        # block style stays
        version: "1.10"
`;

describe("a stack's file", () => {
  let folder: string;
  let file: StackFile;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stack-file-"));
    writeFileSync(join(folder, "Pulumi.prod.yaml"), text);
    file = new StackFile("prod", folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Returns the lines that an edit removed and added. */
  function changed(): { out: string[]; in: string[] } {
    const before = text.split("\n");
    const after = file.text().split("\n");
    return {
      out: before.filter((line) => !after.includes(line)).map((line) => line.trim()),
      in: after.filter((line) => !before.includes(line)).map((line) => line.trim()),
    };
  }

  it("is unchanged if nothing is edited", () => {
    assert.equal(file.text(), text);
  });

  it("changes one line for a weight", () => {
    file.setWeight("shop", 50);
    assert.deepEqual(changed(), {
      out: ["canary: { version: 1.5.0, weight: 10 }"],
      in: ["canary: { version: 1.5.0, weight: 50 }"],
    });
  });

  it("promotes: the stable line changes and keeps its comment, and the canary is removed", () => {
    file.setStable("shop", { version: "1.5.0", revision: 1 });
    assert.deepEqual(changed(), {
      out: ["stable: { version: 1.4.2 } # since March", "canary: { version: 1.5.0, weight: 10 }"],
      in: ["stable: { version: 1.5.0 } # since March"],
    });
  });

  it("contains evidence and revisions, and quotes what YAML would read as a number", () => {
    const check = {
      verdict: "pass" as const,
      at: "2026-11-21T08:00:00Z",
      release: "1.5.0",
      samples: 9,
      rules: "0123456789abcdef",
    };
    file.setCheck("shop", check);
    assert.deepEqual(file.get("shop", "canary", "check"), check);
    file.setStable("shop", { version: "1.6", revision: 2 }, file.get("shop", "canary", "check"));
    assert.match(file.text(), /stable: \{ version: "1\.6", revision: 2, check: \{ verdict: pass,/);
  });

  it("keeps the block style of others, and writes a new canary in one line", () => {
    file.setCanary("news", { version: "2.0.0", revision: 1 }, 0);
    file.setStable("news", { version: "1.11", revision: 1 });
    file.setCanary("news", { version: "2.0.0", revision: 1 }, 5);
    assert.match(file.text(), /stable:\n +# block style stays\n +version: "1\.11"\n/);
    assert.match(file.text(), /canary: \{ version: 2\.0\.0, weight: 5 \}/);
  });

  it("lifts a freeze, once", () => {
    assert.equal(file.removeFreeze("news"), true);
    assert.equal(file.removeFreeze("news"), false);
    assert.doesNotMatch(file.text(), /freeze/);
  });

  it("is saved atomically, and can be restored", () => {
    file.removeCanary("shop");
    file.save();
    const path = join(folder, "Pulumi.prod.yaml");
    assert.doesNotMatch(readFileSync(path, "utf8"), /canary/);
    file.restore();
    assert.equal(readFileSync(path, "utf8"), text);
  });

  it("names the existing apps, a missing stack, and invalid YAML", () => {
    assert.throws(() => file.setWeight("shopp", 1), /has no app "shopp"; it has shop, news\./);
    assert.throws(
      () => new StackFile("staging", folder),
      /stack: expected prod, got "staging": there is no .*Pulumi\.staging\.yaml/,
    );
    writeFileSync(join(folder, "Pulumi.bad.yaml"), "config: [");
    assert.throws(() => new StackFile("bad", folder), /is not valid YAML/);
  });
});
