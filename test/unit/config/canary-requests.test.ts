import assert from "node:assert/strict";
import { canaryRequests } from "../../../config/app/canary-requests";

const problem = (value: unknown): string => {
  const { error } = canaryRequests.safeParse(value);
  return error === undefined ? "" : JSON.stringify(error.issues);
};

describe("the requests that go to the canary", () => {
  it("are those with the header x-gray: 1 by default", () => {
    assert.deepEqual(canaryRequests.parse(undefined), [{ headers: { "x-gray": "1" } }]);
  });

  for (const [value, expected] of [
    [[{ headers: { "x-tenant": "acme", "x-region": "eu" } }], ""],
    [[{ cookie: { name: "gray", value: "1" } }, { query: { beta: "1" } }], ""],
    // An empty list would be a rule without a condition, which every request matches.
    [[], /at least one kind of requests, got none/],
    [[{}], /expected headers, cookie or query, got none of them/],
    [[{ headers: {} }], /at least one header/],
    [[{ query: {} }], /at least one parameter/],
    [[{ headers: { "X-Gray": "1" } }], /lower case/],
    [[{ headers: { "x gray": "1" } }], /lower case/],
    [[{ headers: { host: "a" } }], /the app's domain determines/],
    [[{ headers: { cookie: "gray=1" } }], /use the key cookie/],
    [[{ headers: { "x-gray": 1 } }], /in quotes if it is a number/],
    [[{ headers: { "x-gray": "" } }], /./],
    [[{ headers: { "x-gray": "é" } }], /printable ASCII/],
    [[{ headers: { "x-gray": " 1" } }], /without a space/],
    [[{ cookie: { name: "a b", value: "1" } }], /letters, digits/],
    [[{ cookie: { name: "gray", value: ".*;" } }], /letters, digits/],
    [[{ query: { "a&b": "1" } }], /letters, digits/],
  ] as const) {
    it(`${JSON.stringify(value)} ${expected === "" ? "is valid" : "is invalid"}`, () => {
      if (expected === "") assert.equal(problem(value), "");
      else assert.match(problem(value), expected);
    });
  }
});
