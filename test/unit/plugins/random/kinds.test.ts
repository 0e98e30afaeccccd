import assert from "node:assert/strict";
import fc from "fast-check";
import { randomBytes, randomId, randomUuid } from "../../../../local/plugins/resource-random/bytes";
import { RandomKind, toHandler } from "../../../../local/plugins/resource-random/kind";
import { randomInteger, randomShuffle } from "../../../../local/plugins/resource-random/numbers";
import { randomPassword, randomString } from "../../../../local/plugins/resource-random/text";
import { PropertyMap, Secret, UNKNOWN } from "../../../../local/plugins/shared/values";

const operation = {
  urn: "urn:pulumi:dev::p::t::n",
  preview: false,
  signal: new AbortController().signal,
};

async function failures(kind: RandomKind, inputs: PropertyMap) {
  const checked = await toHandler(kind).check(inputs, operation);
  return checked.failures.map(({ property, reason }) => `${property} ${reason}`);
}

async function create(kind: RandomKind, inputs: PropertyMap) {
  assert.deepEqual(await failures(kind, inputs), []);
  return toHandler(kind).create(inputs, operation);
}

async function importState(kind: RandomKind, id: string) {
  const nothing = { id, inputs: {}, state: {} };
  return (await toHandler(kind).read(nothing, operation))!;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

describe("random text", () => {
  it("has the length and the minimum of each class", async () => {
    const min = fc.integer({ min: 0, max: 5 });
    const args = fc.tuple(min, min, min, min, fc.integer({ min: 0, max: 10 }));
    await fc.assert(
      fc.asyncProperty(args, async ([special, numeric, lower, upper, more]) => {
        const { id } = await create(randomString, {
          length: special + numeric + lower + upper + more + 1,
          ...{ minSpecial: special, minNumeric: numeric },
          ...{ minLower: lower, minUpper: upper, overrideSpecial: "_.~" },
        });
        assert.equal(id.length, special + numeric + lower + upper + more + 1);
        assert.match(id, /^[A-Za-z0-9_.~]*$/);
        assert.ok(count(id, /[_.~]/g) >= special);
        assert.ok(count(id, /[0-9]/g) >= numeric);
        assert.ok(count(id, /[a-z]/g) >= lower);
        assert.ok(count(id, /[A-Z]/g) >= upper);
      }),
      { numRuns: 50 },
    );
  });

  it("omits disabled classes", async () => {
    const { id } = await create(randomString, {
      ...{ length: 500, special: false, number: false, upper: false },
    });
    assert.match(id, /^[a-z]{500}$/);
  });

  it("favors no character", async () => {
    const { id } = await create(randomString, {
      ...{ length: 20_000, special: false, lower: false, upper: false },
    });
    // Each of the ten digits is expected 2,000 times; 300 is seven standard deviations.
    for (let digit = 0; digit < 10; digit++) {
      const found = id.split(String(digit)).length - 1;
      assert.ok(Math.abs(found - 2000) < 300, `${digit}: ${found}`);
    }
  });

  it("names every error in the inputs", async () => {
    assert.deepEqual(await failures(randomPassword, {}), ["length is required"]);
    assert.deepEqual(await failures(randomPassword, { length: 0, special: "yes", size: 1 }), [
      "length must be at least 1, not 0",
      "special must be true or false",
      "size there is no such property",
    ]);
    assert.deepEqual(
      await failures(randomPassword, {
        ...{ length: 3, minLower: 2, minUpper: 2, numeric: true },
        number: false,
      }),
      [
        "length must be at least the sum of minSpecial, minNumeric, minLower and minUpper (4), not 3",
        "number contradicts numeric, its new name; set numeric alone",
      ],
    );
    const none = { special: false, numeric: false, lower: false, upper: false };
    assert.deepEqual(await failures(randomPassword, { length: 1, ...none }), [
      "special at least one of special, numeric, lower and upper must be true",
    ]);
    assert.deepEqual(await failures(randomPassword, { length: UNKNOWN }), []);
  });
});

describe("a random resource", () => {
  it("keeps passwords and bytes secret, and no others", async () => {
    const password = await create(randomPassword, { length: 20 });
    assert.equal(password.id, "none");
    assert.ok(password.state.result instanceof Secret);
    assert.ok(password.state.bcryptHash instanceof Secret);
    const bytes = await create(randomBytes, { length: 32 });
    assert.ok(bytes.state.hex instanceof Secret);
    assert.ok(bytes.state.base64 instanceof Secret);
    const { state, id } = await create(randomString, { length: 20 });
    assert.equal(state.result, id);
  });

  it("keeps a secret input secret", async () => {
    const keepers = { token: new Secret("x") };
    const { state } = await create(randomString, { length: 5, keepers });
    assert.deepEqual(state.keepers, keepers);
  });

  it("generates nothing in a preview", async () => {
    const previewed = await toHandler(randomPassword).create(
      { length: 8 },
      { ...operation, preview: true },
    );
    assert.equal(previewed.id, "");
    assert.deepEqual(previewed.state.result, new Secret(UNKNOWN));
    assert.equal(previewed.state.length, 8);
    assert.equal(previewed.state.minLower, 0);
  });

  it("changes only for new inputs, and then as a whole", async () => {
    const handler = toHandler(randomPassword);
    const inputs = { length: 8, keepers: { a: "1" } };
    const old = { inputs, ...(await create(randomPassword, inputs)) };
    assert.deepEqual(await handler.diff(old, inputs), []);
    const spelled = { ...inputs, special: true, minLower: 0, number: true };
    assert.deepEqual(await handler.diff(old, spelled), []);
    assert.deepEqual(await handler.diff(old, { length: 9, keepers: { a: "2", b: UNKNOWN } }), [
      { path: "keepers.a", keys: ["keepers", "a"], kind: "update", replace: true },
      { path: "keepers.b", keys: ["keepers", "b"], kind: "add", replace: true },
      { path: "length", keys: ["length"], kind: "update", replace: true },
    ]);
    assert.deepEqual(await handler.read(old, operation), old);
  });
});

describe("RandomId", () => {
  it("contains the same bytes in every base, after the prefix", async () => {
    const { id, state } = await create(randomId, { byteLength: 9, prefix: "p-" });
    const hex = Buffer.from(id, "base64url").toString("hex");
    assert.equal(state.hex, `p-${hex}`);
    assert.equal(state.dec, `p-${BigInt(`0x${hex}`)}`);
    assert.equal(state.b64Url, `p-${id}`);
    assert.equal(state.b64Std, `p-${Buffer.from(hex, "hex").toString("base64")}`);
  });

  it("is imported with its prefix", async () => {
    const { id, state, inputs } = await importState(randomId, "my,pre-,p-9hUg");
    assert.deepEqual(inputs, { byteLength: 4, prefix: "my,pre-" });
    assert.equal(id, "p-9hUg");
    assert.equal(state.hex, "my,pre-a7ef6152");
    await assert.rejects(importState(randomId, "not base64!"), /is not the id/);
  });
});

describe("the other imports", () => {
  it("need no additional inputs afterwards", async () => {
    const cases: [RandomKind, string, PropertyMap][] = [
      [randomPassword, "hunter2", { length: 7 }],
      [randomString, "hunter2", { length: 7 }],
      [randomBytes, "AAEC", { length: 3 }],
      [randomUuid, "00112233-4455-6677-8899-aabbccddeeff", {}],
      [randomInteger, "-5,-10,10", { min: -10, max: 10 }],
    ];
    for (const [kind, id, inputs] of cases) {
      const old = await importState(kind, id);
      assert.deepEqual(await toHandler(kind).diff(old, inputs), [], id);
    }
    const { state } = await importState(randomPassword, "hunter2");
    assert.deepEqual(state.result, new Secret("hunter2"));
  });

  it("refuse invalid values", async () => {
    await assert.rejects(importState(randomUuid, "x"), /is not a UUID/);
    await assert.rejects(importState(randomBytes, "?"), /padded base64/);
    await assert.rejects(importState(randomInteger, "1"), /result,min,max/);
    await assert.rejects(importState(randomShuffle, "x"), /cannot be imported/);
  });
});

describe("RandomInteger and RandomShuffle", () => {
  it("stay within both bounds, and reach them", async () => {
    const seen = new Set<unknown>();
    for (let i = 0; i < 200; i++)
      seen.add((await create(randomInteger, { min: 3, max: 5 })).state.result);
    assert.deepEqual([...seen].sort(), [3, 4, 5]);
    assert.deepEqual(await failures(randomInteger, { min: 2, max: 1 }), [
      "min must not exceed max (1)",
    ]);
  });

  it("repeat themselves for the same seed", async () => {
    const inputs = { min: 0, max: 1e9, seed: "a" };
    const one = await create(randomInteger, inputs);
    assert.deepEqual(await create(randomInteger, inputs), one);
    const other = await create(randomInteger, { ...inputs, seed: "b" });
    assert.notEqual(other.id, one.id);
  });

  it("repeat no item before all others have occurred", async () => {
    const inputs = ["a", "b", "c"];
    const { state } = await create(randomShuffle, { inputs, resultCount: 7 });
    const results = state.results as string[];
    assert.equal(results.length, 7);
    for (const start of [0, 3]) assert.deepEqual(results.slice(start, start + 3).sort(), inputs);
    const short = await create(randomShuffle, { inputs, resultCount: 2 });
    assert.equal((short.state.results as string[]).length, 2);
  });

  it("produce every order", async () => {
    const inputs = ["a", "b", "c"];
    const seen = new Set<string>();
    for (let i = 0; i < 300; i++)
      seen.add(String((await create(randomShuffle, { inputs })).state.results));
    assert.equal(seen.size, 6);
  });
});
