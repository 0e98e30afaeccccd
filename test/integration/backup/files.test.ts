import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runProgram, script } from "../../support/backup";
import { until } from "../../support/until";
import { Place } from "./place";
import { failedWith } from "../../support/results";

/** Each test continues where the one before it ended. */
describe("saving and restoring files", () => {
  let place: Place;
  before(() => {
    place = new Place("jenkins");
    place.write("source/config.xml", "<hudson/>");
    place.write("source/jobs/shop/config.xml", "<project/>");
    place.write("source/workspace/shop/large.bin", "made again by the next build");
  });
  after(() => place.remove());

  it("creates the repository, saves everything that is not excluded, and restores it", async () => {
    const { code, output } = await place.save();
    assert.equal(code, 0, output);
    await place.shortenRuns();
    const restored = join(await place.restore(), place.source);
    assert.equal(readFileSync(join(restored, "jobs/shop/config.xml"), "utf8"), "<project/>");
    assert.ok(!existsSync(join(restored, "workspace")));
  });

  it("encrypts the files: none of their text is in the repository", async () => {
    const found = await runProgram("grep", [
      "-r",
      "<project/>",
      place.environment["RESTIC_REPOSITORY"]!,
    ]);
    assert.equal(found.code, 1, found.output);
  });

  it("fails with another encryption key, and does not change the repository", async () => {
    place.write("other", "not the encryption key");
    failedWith(
      await place.save({ RESTIC_PASSWORD_FILE: join(place.folder, "other") }),
      /wrong password or no key found/,
    );
    assert.equal(place.snapshotCount(), 1);
  });

  it("deletes what is no longer kept, and nothing else", async () => {
    const times = [
      "2026-01-05 03:00:00", // Monthly: the last existing one of January.
      "2026-02-01 03:00:00", // Of February, but not the last.
      "2026-02-20 03:00:00", // The last of February, but older than the two most recent months.
      "2026-03-09 03:00:00", // Daily and monthly.
      "2026-03-10 01:00:00", // The same day has a later one.
      "2026-03-10 03:00:00", // Daily.
    ];
    for (const time of times) {
      await place.restic("backup", "--host", "jenkins", "--time", time, place.source);
    }
    await place.restic("backup", "--host", "another", "--time", times[0]!, place.source);
    assert.equal(place.snapshotCount(), 8);
    const { code, output } = await place.save();
    assert.equal(code, 0, output);
    const snapshots = await place.snapshots();
    const left = snapshots.filter(({ hostname }) => hostname === "jenkins");
    const kept = left.map(({ time }) => time.slice(0, 13)).sort();
    const [old, last] = [kept.filter((time) => time < "2026-06"), kept.slice(-2)];
    // The last two are both of today, which counts as one day; two more days; the months of today and March. Where
    // midnight is between the two, they count as two days, and one more is kept.
    const today = new Set(last.map((time) => time.slice(0, 10))).size;
    assert.deepEqual(old, ["2026-03-09T03", "2026-03-10T03"].slice(today - 1));
    assert.equal(left.length, 2 + old.length);
    const others = snapshots.filter(({ hostname }) => hostname === "another");
    assert.equal(others.length, 1, "another system's backups are not this one's to delete");
  });

  it("saves nothing from an empty volume, and then deletes nothing", async () => {
    const before = place.snapshotCount();
    assert.ok(before > 1);
    const aside = join(place.folder, "aside");
    renameSync(place.source, aside);
    mkdirSync(place.source);
    const { code, output } = await place.save({ KEEP_LAST: "1" });
    rmSync(place.source, { recursive: true });
    renameSync(aside, place.source);
    assert.equal(code, 1);
    assert.match(output, /config\.xml is missing or empty: nothing is saved/);
    assert.equal(place.snapshotCount(), before);
  });

  it("fails if a file cannot be uploaded, and then deletes nothing", async () => {
    const before = place.snapshotCount();
    // A disk on which locks can be written, but only a few kilobytes of data.
    writeFileSync(join(place.source, "new.bin"), randomBytes(1_000_000));
    const small = `ulimit -f 16; exec sh ${script("save.sh")}`;
    const failed = await runProgram("sh", ["-c", small], { ...place.environment, KEEP_LAST: "1" });
    failedWith(failed, /file too large/);
    assert.doesNotMatch(
      failed.output,
      /snapshot \w+ saved|Applying Policy|remove \d+ snapshots/,
      failed.output,
    );
    assert.equal(place.snapshotCount(), before);
  });
});

describe("locks of a backup that was stopped", () => {
  let place: Place;
  before(async () => {
    place = new Place("jenkins");
    place.write("source/config.xml", "<hudson/>");
    await place.shortenRuns();
  });
  after(() => place.remove());
  // Another pod's lock stays.
  afterEach(() => {
    const folder = join(place.environment["RESTIC_REPOSITORY"]!, "locks");
    for (const lock of place.locks()) rmSync(join(folder, lock));
  });

  /** Starts a program and returns when it has a lock: restic checks its new lock for 200 ms. */
  async function startUntilLocked(command: string, args: string[]) {
    const options = { env: { HOME: tmpdir(), ...place.environment }, stdio: "ignore" } as const;
    const process = spawn(command, args, options);
    const exit = once(process, "exit") as Promise<[number | null, string | null]>;
    await until("a lock", 20, () => place.locks().length > 0, 10);
    return { process, exit };
  }

  it("do not block the next one: a killed check leaves an exclusive lock", async () => {
    const { process, exit } = await startUntilLocked("restic", ["check"]);
    process.kill("SIGKILL");
    await exit;
    assert.equal(place.locks().length, 1, "the killed check left its lock");
    const { code, output } = await place.save();
    assert.equal(code, 0, output);
    assert.match(output, /successfully removed 1 locks/);
    assert.deepEqual(place.locks(), []);
  });

  it("are waited for if they belong to another pod, and then named; nothing is created or saved", async function () {
    const asPod = ["--uts", "sh", "-c", "hostname another-pod && exec restic check"];
    if ((await runProgram("unshare", ["--uts", "hostname", "another-pod"])).code !== 0) this.skip();
    const { process, exit } = await startUntilLocked("unshare", asPod);
    process.kill("SIGKILL");
    await exit;
    const [lock = ""] = place.locks();
    const { code, output } = await place.save({ LOCK_SECONDS: "0" });
    assert.equal(code, 1, output);
    assert.match(output, /is still locked after 0 s: nothing is saved\. Locks: \w{64}/);
    assert.ok(output.includes(lock));
    assert.doesNotMatch(output, /creating|already exists|snapshot \w+ saved/);
  });

  it("are removed when the backup's container is stopped", async () => {
    // A file without content, which takes seconds to read.
    truncateSync(join(place.source, "config.xml"), 8e9);
    const { process, exit } = await startUntilLocked("sh", [script("save.sh")]);
    // After the 200 ms.
    await sleep(400);
    process.kill("SIGTERM");
    assert.deepEqual(await exit, [143, null]);
    assert.deepEqual(place.locks(), []);
  });
});
