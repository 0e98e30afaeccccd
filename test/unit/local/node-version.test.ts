import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import semver from "semver";

interface Package {
  version: string;
  engines?: { node?: string };
}

const promised = (JSON.parse(readFileSync("package.json", "utf8")) as Package).engines?.node ?? "";
const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  packages: Record<string, Package>;
};

describe("the versions of Node.js that the project promises", () => {
  it("are enough for every package that is installed, so that npm ci --engine-strict passes", () => {
    const refusing = Object.entries(packages).flatMap(([path, { version, engines }]) =>
      engines?.node === undefined || semver.subset(promised, engines.node)
        ? []
        : [`${path} ${version}: expected Node.js ${promised}, got ${engines.node}`],
    );
    assert.deepEqual(refusing, []);
  });

  it("are those of the README", () => {
    const lowest = promised.split(" || ").map((range) => range.replace(/^\D+/, ""));
    const readme = readFileSync("README.md", "utf8").replaceAll(/\s+/g, " ");
    assert.match(
      readme,
      new RegExp(`Node\\.js ${lowest.map((it) => it.replace(/(\.0)+$/, "")).join(", ")}`),
    );
  });

  it("include the one that runs these tests", () => {
    assert.ok(semver.satisfies(process.versions.node, promised), process.versions.node);
  });
});
