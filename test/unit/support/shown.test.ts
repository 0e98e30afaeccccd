import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../../local/toolchain/paths";
import { consoleOf } from "../../support/guide";
import { assertShown } from "../../support/shown";

/** Pages of which only parts are compared, with what keeps the rest true. */
const partly: Record<string, string> = {
  "docs/backup.md":
    "the tests run the same scripts with other data, and compare what they restore: test/integration/backup/",
};

describe("what a page shows of a command", () => {
  const page = "docs/state.md";
  const command = "pulumi cancel";

  it("is compared with what the command printed, with the names of the page", () => {
    const output = "The currently running update for 'own' has been canceled!\n";
    assertShown({ page, command, output, names: { own: "shop" } });
    assert.throws(() => assertShown({ page, command, output }), /docs\/state\.md shows of pulumi/);
  });

  it("has gaps for what it leaves out, in its order", () => {
    const lines = [
      "shop failed:",
      "  locked by me@here (process 7) since 2026-01-02T03:04:05Z, which no longer runs; release the stale lock with: pulumi cancel --yes --stack shop, and then: npx platform recover shop",
    ];
    const failed = (text: string) =>
      assertShown({ page, command: "npx platform stacks up --filter shop", output: text });
    failed(["[1/1] shop: up failed in 1.0 s", ...lines].join("\n"));
    assert.throws(() => failed([...lines].reverse().join("\n")), /It printed/);
  });

  it("must exist", () => {
    assert.throws(
      () => assertShown({ page, command: "pulumi dance", output: "" }),
      /docs\/state\.md: expected a console block with pulumi dance/,
    );
  });

  it("is compared on every page with console blocks", () => {
    const tests = ["test/integration", "test/nightly"].flatMap((folder) =>
      readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => readFileSync(join(checkout, folder, file), "utf8")),
    );
    const pages = readdirSync(join(checkout, "docs"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".md"))
      .map((file) => `docs/${file}`)
      .filter((file) => consoleOf(readFileSync(join(checkout, file), "utf8")).length > 0);
    assert.ok(pages.length > 5, pages.join());
    const unseen = pages.filter((file) => !tests.some((text) => text.includes(`"${file}"`)));
    assert.deepEqual(unseen, []);
    for (const file of Object.keys(partly)) assert.ok(pages.includes(file), file);
  });
});
