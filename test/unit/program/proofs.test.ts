import assert from "node:assert/strict";
import { parseStack } from "../../../config";
import { proofsOf } from "../../../program/proofs";
import { Story } from "../releases/story";
import { loose } from "../releases/story";

const gray = "organization/platform/gray";
const releases = (requires?: string) => ({ requires }) as ReturnType<typeof parseStack>["releases"];

function outputs(): Record<string, unknown> {
  const story = new Story(loose);
  story.up({}, 0);
  return { releases: { shop: story.record } };
}

describe("proofs of another stack", () => {
  it("come from the records of the apps of the same name", async () => {
    const asked: string[] = [];
    const read = (stack: string) => {
      asked.push(stack);
      return Promise.resolve(outputs());
    };
    const proofs = await proofsOf(
      { releases: releases(gray), apps: { shop: {}, news: {} } },
      {},
      read,
    );
    assert.deepEqual(asked, [gray]);
    assert.deepEqual(
      proofs["shop"]?.map(({ stack, releases: found }) => [stack, found.map(({ key }) => key)]),
      [[gray, ["1.4.2"]]],
    );
    assert.deepEqual(proofs["news"], [{ stack: gray, releases: [], unreadable: undefined }]);
  });

  it("are also read from the stack that the last update's policy named", async () => {
    const records = { shop: { guard: { requires: gray } } };
    const proofs = await proofsOf({ releases: releases(), apps: { shop: {} } }, records, () =>
      Promise.resolve(outputs()),
    );
    assert.deepEqual(
      proofs["shop"]?.map(({ stack }) => stack),
      [gray],
    );
    assert.deepEqual(
      await proofsOf({ releases: releases(), apps: { shop: {} } }, {}, () => assert.fail("asked")),
      { shop: [] },
    );
  });

  it("say why a stack cannot be read, or its record", async () => {
    const apps = { shop: {} };
    const gone = await proofsOf({ releases: releases(gray), apps }, {}, () =>
      Promise.reject(new Error("no stack named gray\nmore")),
    );
    assert.equal(gone["shop"]?.[0]?.unreadable, "no stack named gray");
    const damaged = await proofsOf({ releases: releases(gray), apps }, {}, () =>
      Promise.resolve({ releases: { shop: { schema: 1 } } }),
    );
    assert.match(damaged["shop"]?.[0]?.unreadable ?? "", /The record of app "shop"/);
  });

  it("are not read from the stack itself", async () => {
    await assert.rejects(
      proofsOf({ releases: releases(gray), apps: {} }, {}, () => assert.fail("asked"), gray),
      /platform:releases\.requires: expected another stack, got organization\/platform\/gray/,
    );
  });
});
