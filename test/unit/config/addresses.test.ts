import assert from "node:assert/strict";
import { contains, isMetadata, metadataIn, networkOf } from "../../../config/addresses";

describe("ranges of addresses", () => {
  const cases: [wide: string, narrow: string, contained: boolean][] = [
    ["10.0.0.0/8", "10.1.0.0/16", true],
    ["10.1.0.0/16", "10.0.0.0/8", false],
    ["10.0.0.0/8", "10.0.0.0/8", true],
    ["10.0.0.0/8", "11.0.0.0/16", false],
    ["0.0.0.0/0", "192.0.2.7/32", true],
    ["10.0.0.0/8", "10.1.2.3", true],
    ["10.1.2.3", "10.1.2.3/32", true],
    ["10.1.2.3", "10.1.2.4", false],
    ["fd00::/8", "fd00:ec2::254/128", true],
    ["fd00::/8", "fd00:ec2::254", true],
    ["::/0", "10.0.0.0/8", false],
    ["0.0.0.0/0", "fd00::/8", false],
    ["::ffff:10.0.0.0/104", "::ffff:10.1.0.0/112", true],
    ["10.0.0.0", "10.0.0.0/8", false],
    ["10.0.0.0/33", "10.0.0.0/8", false],
    ["any", "10.0.0.0/8", false],
    ["10.0.0.0/8", "443", false],
    ["fe80::1%eth0/64", "fe80::1", false],
  ];
  for (const [wide, narrow, contained] of cases) {
    it(`${wide} ${contained ? "contains" : "does not contain"} ${narrow}`, () =>
      assert.equal(contains(wide, narrow), contained));
  }

  it("exclude the metadata services of clouds, which are no range of their own", () => {
    assert.deepEqual(metadataIn("169.0.0.0/8"), ["169.254.0.0/16"]);
    assert.deepEqual(metadataIn("169.254.0.0/16"), []);
    assert.deepEqual(metadataIn("169.254.169.254/32"), []);
    assert.deepEqual(metadataIn("no range"), []);
    assert.deepEqual(
      ["169.254.0.0/16", "169.254.169.254/32", "169.0.0.0/8"].map((range) => isMetadata(range)),
      [true, true, false],
    );
  });

  it("are written in the shortest form", () => {
    assert.equal(networkOf("10.20.0.7/16"), "10.20.0.0/16");
    assert.equal(networkOf("2001:0:0:1::1/80"), "2001:0:0:1::/80");
    assert.equal(networkOf("fd00::1/8"), "fd00::/8");
    assert.equal(networkOf("fd00::/8"), "fd00::/8");
  });
});
