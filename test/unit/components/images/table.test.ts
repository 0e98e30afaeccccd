import assert from "node:assert/strict";
import { archives } from "../../../../versions/archives";
import { buildArguments, endOfLifeWarning } from "../../../../components/images/build";
import { baseImageName } from "../../../../components/images/names";
import { phpFlags, phpPackages } from "../../../../versions/php";
import {
  debianReleases,
  findRuntime,
  runtimeKey,
  runtimeNames,
  runtimes,
  withBases,
  type Runtime,
} from "../../../../versions/runtimes";

const found = (key: string): Runtime => {
  const runtime = findRuntime(key);
  assert.ok(runtime, `the table has no ${key}`);
  return runtime;
};

describe("the table of runtimes", () => {
  it("has every required runtime, and a current one of each", () => {
    const required = [
      ...["nginx:1.16.1", "nginx:1.26", "php:5.5.9", "php:7.0.16", "php:7.2.11", "php:8.4"],
      ...["jdk:8", "jdk:25", "maven:3.9.16", "node:24.18.0", "python:3.13", "jenkins-agent:3385"],
    ];
    required.forEach(found);
    for (const name of runtimeNames) {
      const current = runtimes.filter((runtime) => runtime.name === name && !runtime.endOfLife);
      assert.ok(current.length > 0, `there is no current ${name}`);
    }
  });

  it("names each version once", () => {
    const keys = runtimes.map(runtimeKey);
    assert.deepEqual([...new Set(keys)], keys);
  });

  it("pins what is downloaded: a path without a scheme, and a checksum", () => {
    for (const { path, sha256 } of Object.values(archives)) {
      assert.match(path, /^[a-z0-9.]+\/[\w./%-]+\.tar\.(gz|bz2|xz)$/);
      assert.match(sha256, /^[0-9a-f]{64}$/);
    }
    const sums = Object.values(archives).map(({ sha256 }) => sha256);
    assert.equal(new Set(sums).size, sums.length, "two files have one checksum");
    for (const { name, version, archives: used } of runtimes) {
      if (used.source === undefined || /jdk|maven|tomcat/.test(`${name}${version}`)) continue;
      assert.ok(
        used.source.path.includes(version),
        `${name}:${version} is made of another version`,
      );
    }
  });

  it("builds every runtime on one before it in the table, or on Debian", () => {
    const before = new Set<string>(Object.keys(debianReleases));
    for (const runtime of runtimes) {
      assert.ok(before.has(runtime.base), `${runtimeKey(runtime)} stands on ${runtime.base}`);
      before.add(runtimeKey(runtime));
    }
  });

  it("gives for every runtime past its end of life the date and a maintained replacement", () => {
    const over = runtimes.filter(({ endOfLife }) => endOfLife);
    assert.deepEqual(
      over.map((runtime) => [runtimeKey(runtime), runtime.endOfLifeDate, runtime.replacement]),
      [
        ["nginx:1.16.1", "2020-04-21", "nginx:1.26"],
        ["php:5.5.9", "2016-07-21", "php:8.4"],
        ["php:7.0.16", "2019-01-10", "php:8.4"],
        ["php:7.2.11", "2020-11-30", "php:8.4"],
      ],
    );
    for (const { replacement } of over) assert.equal(found(replacement ?? "").endOfLife, false);
  });

  it("gives every PHP the same extensions, and the current one additional ones", () => {
    const [old, ...others] = ["5.5.9", "7.0.16", "7.2.11"].map(
      (version) => found(`php:${version}`).extensions,
    );
    for (const extensions of others) assert.deepEqual(extensions, old);
    const current = found("php:8.4").extensions;
    assert.ok(old?.every((extension) => current.includes(extension)));
  });

  it("gives an old PHP an OpenSSL with which it can be built", () => {
    const openssl = (version: string) => found(`php:${version}`).archives.openssl?.path ?? "";
    assert.match(openssl("5.5.9"), /openssl-1\.0\.2u/);
    assert.match(openssl("7.0.16"), /openssl-1\.0\.2u/);
    assert.match(openssl("7.2.11"), /openssl-1\.1\.1w/);
  });

  it("finds the bases of a selection, each once and after its own base", () => {
    assert.deepEqual(
      withBases(["maven:3.9.16", "jenkins-agent:3385", "tomcat:9.0.122"]).map(runtimeKey),
      ["jdk:25", "maven:3.9.16", "jdk:21", "jenkins-agent:3385", "tomcat:9.0.122"],
    );
  });
});

describe("the warning of an end of life", () => {
  it("names the runtime, the date, and what to use instead", () => {
    assert.equal(
      endOfLifeWarning(found("php:5.5.9")),
      "Base image php:5.5.9 has had no security fixes since its end of life on 2016-07-21. Move its apps to php:8.4; apps that run on it should not be reachable from the internet.",
    );
  });

  it("is not shown for a maintained runtime, whatever its date", () => {
    const over: Runtime = { ...found("php:8.4"), endOfLifeDate: "1999-01-01" };
    assert.equal(endOfLifeWarning(over), undefined);
  });
});

describe("PHP's extensions", () => {
  it("are Debian's packages, each once", () => {
    assert.deepEqual(phpPackages("8.4", ["mysqli", "pdo_mysql", "gd"]), [
      ...["php8.4-fpm", "php8.4-xml", "php8.4-mysql", "php8.4-gd"],
    ]);
  });

  it("are flags of configure, and an error if a compiled PHP cannot have one", () => {
    assert.deepEqual(phpFlags(["bcmath", "gd"]), [
      ...["--enable-bcmath", "--with-gd", "--with-jpeg-dir=/usr", "--with-png-dir=/usr"],
    ]);
    assert.throws(() => phpFlags(["redis"]), /A compiled PHP has no extension redis/);
  });
});

describe("arguments of a build", () => {
  it("of a compiled runtime name its source and checksum", () => {
    const args = buildArguments(found("nginx:1.16.1"), "debian:12-slim", {});
    assert.equal(args["ORIGIN"], "compiled");
    assert.equal(args["SOURCE_PATH"], archives["nginx-1.16.1"].path);
    assert.equal(args["SOURCE_SHA256"], archives["nginx-1.16.1"].sha256);
    assert.equal(args["MIRROR"], undefined, "the Dockerfile's default leads to the publisher");
  });

  it("of a packaged runtime name no source", () => {
    const args = buildArguments(found("nginx:1.26"), "debian:13-slim", {
      mirror: "https://m.test",
    });
    assert.deepEqual(args, {
      BASE_IMAGE: "debian:13-slim",
      VERSION: "1.26",
      ORIGIN: "packaged",
      PACKAGES: "ca-certificates nginx-light=1.26.*",
    });
  });

  it("point to the mirrors, with a final slash or without", () => {
    for (const slash of ["", "/"]) {
      const sources = {
        mirror: `https://m.test/raw${slash}`,
        debianMirror: `https://d.test${slash}`,
      };
      const args = buildArguments(found("node:24.18.0"), "debian:13-slim", sources);
      assert.equal(args["MIRROR"], "https://m.test/raw/");
      assert.equal(args["DEBIAN_MIRROR"], "https://d.test");
      const upon = buildArguments(found("maven:3.9.16"), "ours", sources);
      assert.equal(upon["DEBIAN_MIRROR"], undefined, "the base image knows it already");
    }
  });
});

describe("names of images", () => {
  it("of bases are registry/template/runtime:version", () => {
    assert.equal(
      baseImageName("harbor.example.com", found("php:7.2.11")),
      "harbor.example.com/template/php:7.2.11",
    );
  });
});
