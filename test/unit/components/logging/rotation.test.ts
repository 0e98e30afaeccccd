import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { bytesOf } from "../../../../config";
import { oldFile, runShell, standIn } from "../../../support/shell";

describe("the log rotation of a node", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "rotation-test-"));
    writeFileSync(join(root, "domains"), "shop.example.com\nnews.example.com\n");
    mkdirSync(join(root, "pods"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function rotate(under: string[] = []): { stdout: string; stderr: string } {
    const run = runShell(
      "logging/rotation/rotate.sh",
      {
        ROOT: join(root, "nodelogs"),
        ENVIRONMENT: "online",
        DOMAINS: join(root, "domains"),
        KINDS: "accesslogs devlogs",
        MAXIMUM_BYTES: "1000",
        KEEP_DAYS: "3",
        INTERVAL: "1",
        PODS: join(root, "pods"),
        HEARTBEAT: join(root, "heartbeat"),
        LIST: join(root, "list"),
      },
      ["once"],
      under,
    );
    assert.equal(run.code, 0, run.stderr);
    return run;
  }

  const podFolder = (pod: string) =>
    join(root, "nodelogs", "online", "devlogs", "shop.example.com", pod);
  const path = (name: string, pod = "shop-1") => join(podFolder(pod), name);
  const here = (pod: string) => mkdirSync(join(root, "pods", `commerce-online_${pod}_0123-4567`));
  const files = (pod = "shop-1") => readdirSync(podFolder(pod)).sort();

  it("creates every domain's directories, writable for every user, and reports its run", () => {
    rotate();
    for (const kind of ["accesslogs", "devlogs"]) {
      for (const domain of ["shop.example.com", "news.example.com"]) {
        const { mode } = statSync(join(root, "nodelogs", "online", kind, domain));
        assert.equal(mode & 0o7777, 0o1777);
      }
    }
    assert.ok(existsSync(join(root, "heartbeat")));
  });

  it("copies a large file and empties it, so that an app that has it open can continue", () => {
    here("shop-1");
    oldFile(path("app.log"), "x".repeat(1001), "1 minute");
    oldFile(path("small.log"), "y".repeat(1000), "1 minute");
    const { ino } = statSync(path("app.log"));
    rotate();
    const [log, copy, ...rest] = files();
    assert.equal(log, "app.log");
    assert.match(copy ?? "", /^app\.log\.\d{14}\.rotated$/);
    assert.deepEqual(rest, ["small.log"]);
    assert.equal(statSync(path("app.log")).ino, ino, "another file stands in its place");
    assert.equal(statSync(path("app.log")).size, 0);
    assert.equal(readFileSync(path(copy ?? ""), "utf8"), "x".repeat(1001));
    assert.equal(statSync(path(copy ?? "")).mode & 0o777, 0o600);
  });

  it("leaves a copy unchanged for an hour, then compresses it", () => {
    here("shop-1");
    oldFile(path("app.log.20261121073600.rotated"), "z".repeat(5000), "50 minutes");
    rotate();
    assert.deepEqual(files(), ["app.log.20261121073600.rotated"]);
    execFileSync("touch", ["-d", "62 minutes ago", path("app.log.20261121073600.rotated")]);
    rotate();
    assert.deepEqual(files(), ["app.log.20261121073600.rotated.gz"]);
    const packed = readFileSync(path("app.log.20261121073600.rotated.gz"));
    assert.equal(gunzipSync(packed).toString(), "z".repeat(5000));
    rotate();
    assert.deepEqual(files(), ["app.log.20261121073600.rotated.gz"], "compressed twice");
  });

  it("deletes old copies and dated files of apps, and keeps files that a running pod may have open", () => {
    here("shop-1");
    oldFile(path("app.log.20261101000000.rotated.gz"), "a", "5 days");
    oldFile(path("localhost_access_log.2026-11-01.txt"), "b", "5 days");
    oldFile(path("quiet.log"), "c", "5 days");
    oldFile(path("app.log.20261120000000.rotated.gz"), "d", "2 days");
    rotate();
    assert.deepEqual(files(), ["app.log.20261120000000.rotated.gz", "quiet.log"]);
  });

  it("deletes the old files of a deleted pod, then its directory", () => {
    here("shop-10");
    oldFile(path("app.log"), "a", "5 days");
    oldFile(path("recent.log"), "b", "1 day");
    rotate();
    assert.deepEqual(files(), ["recent.log"], "shop-1 was taken for shop-10");
    execFileSync("touch", ["-d", "5 days ago", path("recent.log")]);
    rotate();
    assert.deepEqual(files(), []);
    execFileSync("touch", ["-d", "5 days ago", podFolder("shop-1")]);
    rotate();
    assert.ok(!existsSync(podFolder("shop-1")));
  });

  it("keeps the empty directory of a running pod", () => {
    here("shop-1");
    mkdirSync(podFolder("shop-1"), { recursive: true });
    execFileSync("touch", ["-d", "50 days ago", podFolder("shop-1")]);
    rotate();
    assert.ok(existsSync(podFolder("shop-1")));
  });

  it("continues next to a folder of another owner, with the rights of its pod", function () {
    // Root has all permissions, and without root the test cannot create files of another owner.
    if (process.getuid?.() !== 0) this.skip();
    const foreign = join(root, "nodelogs", "online", "devlogs", "shop.example.com");
    mkdirSync(foreign, { recursive: true });
    chownSync(foreign, 1000, 1000);
    chmodSync(foreign, 0o755);
    const limited = ["setpriv", "--bounding-set", "-all,+dac_override"];
    const { stderr } = rotate(limited);
    assert.match(
      stderr,
      /Created by someone else, .*devlogs\/shop\.example\.com \(owner 1000, mode 755\)/,
    );
    assert.equal(statSync(foreign).mode & 0o7777, 0o755);
    assert.ok(existsSync(join(root, "heartbeat")), "the round did not end");
  });

  it("handles names with spaces, and names the files that it could not process", () => {
    here("shop-1");
    oldFile(path("my app.log"), "x".repeat(2000), "1 minute");
    rotate();
    assert.match(files().join(), /^my app\.log,my app\.log\.\d{14}\.rotated$/);
    oldFile(path("b.20261121073600.rotated"), "z", "2 hours");
    // A directory with the name of the result makes gzip fail.
    mkdirSync(path("b.20261121073600.rotated.gz"));
    oldFile(path("large.log"), "x".repeat(2000), "1 minute");
    const { stderr } = rotate();
    assert.match(stderr, /Left unchanged: .*b\.20261121073600\.rotated/);
    assert.equal(statSync(path("large.log")).size, 0, "one file's trouble stopped the others");
  });

  describe("if an app chooses names that point elsewhere", () => {
    const others = () =>
      join(root, "nodelogs", "online", "devlogs", "news.example.com", "news-1", "a.log");
    const large = "x".repeat(2000);
    beforeEach(() => {
      here("shop-1");
      here("news-1");
      oldFile(others(), large, "1 minute");
      oldFile(path("own.log"), large, "1 minute");
    });
    const rotatesOwn = () => {
      rotate(["timeout", "20"]);
      assert.equal(statSync(path("own.log")).size, 0, "the round did not go on");
      assert.ok(existsSync(join(root, "heartbeat")), "the round did not end");
    };

    it("is not blocked by a pipe that is named like the first line of a file's name", () => {
      oldFile(path("a.log\nb"), large, "1 minute");
      execFileSync("mkfifo", [path("a.log")]);
      rotatesOwn();
    });

    it("does not follow a link that is named like the first line of a file's name", () => {
      oldFile(path("a.log\nb"), large, "1 minute");
      symlinkSync(others(), path("a.log"));
      rotatesOwn();
      assert.ok(!files().some((name) => /^a\.log\.\d+/.test(name)), files().join());
    });

    it("copies and empties the file that it found, not a link that replaces it afterwards", () => {
      rmSync(path("own.log"));
      oldFile(others(), "theirs", "1 minute");
      oldFile(path("a.log"), large, "1 minute");
      // The app replaces the file after `find` and the first look at it.
      const bin = join(root, "bin");
      const swap = `ln -sf '${others()}' '${path("a.log")}'`;
      standIn(
        join(bin, "timeout"),
        `${swap}; exec "$(PATH=/usr/bin:/bin command -v timeout)" "$@"`,
      );
      rotate(["env", `PATH=${bin}:${process.env["PATH"]}`]);
      assert.equal(readFileSync(others(), "utf8"), "theirs");
      assert.deepEqual(files(), ["a.log"]);
    });

    it("does not write a copy to an existing link", () => {
      const target = join(root, "target");
      const bin = join(root, "bin");
      standIn(join(bin, "date"), "echo 20261128000000");
      symlinkSync(target, path("own.log.20261128000000.rotated"));
      rotate(["env", `PATH=${bin}:${process.env["PATH"]}`]);
      assert.ok(!existsSync(target));
    });
  });
});

describe("sizes", () => {
  it("are read as bytes", () => {
    assert.equal(bytesOf("100Mi"), 104_857_600);
    assert.equal(bytesOf("2Gi"), 2 ** 31);
    assert.equal(bytesOf("512Ki"), 524_288);
  });
});
