import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, collected, type Declared } from "../../../support/declare";
import { stackRecording } from "../../../support/stacks";

interface Container {
  name: string;
  command: string[];
  livenessProbe?: { exec?: { command: string[] } };
}

/** Runs the scripts of Jenkins' pods in a folder with simulated commands. */
describe("the scripts of Jenkins' pods", () => {
  let declared: Declared;
  let folder: string;
  before(async () => {
    declared = collected((await stackRecording("dev")).registrations);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "scripts-"));
    mkdirSync(join(folder, "bin"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function commandOf(kind: string, object: string, container: string): string[] {
    const path = kind === "CronJob" ? "spec.jobTemplate.spec.template.spec" : "spec.template.spec";
    const pod = at(declared.object(kind, object), path) as Record<string, Container[] | undefined>;
    const all = [...(pod["containers"] ?? []), ...(pod["initContainers"] ?? [])];
    const found = all.find(({ name }) => name === container);
    assert.ok(found, `no container ${container}`);
    return found.command;
  }

  function standIn(name: string, text: string): void {
    writeFileSync(join(folder, "bin", name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  }

  function run([shell = "", flag = "", script = "", ...args]: string[], env: object = {}) {
    const moved = script.replace(/\/(sets|plugins|tmp|run\/secrets|var)(?=\/)/g, `${folder}/$1`);
    return spawnSync(shell, [flag, moved.replaceAll("/sets |", `${folder}/sets |`), ...args], {
      encoding: "utf8",
      env: { PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`, ...env },
    });
  }

  const names = (...parts: string[]) => readdirSync(join(folder, ...parts)).sort();

  describe("of the backups", () => {
    const days = Array.from({ length: 13 }, (_, day) => `FULL-2026-10-${String(day + 10)}_10-00`);
    const [source, target] = ["source", "target"];
    const copy = () =>
      run(commandOf("CronJob", "jenkins-backup", "copy"), {
        SOURCE: join(folder, source),
        TARGET: join(folder, target),
      });
    beforeEach(() => {
      standIn(
        "rclone",
        'case "$1" in copy) cp -r "$2/." "$3";; lsf) ls -1p "$3";; purge) rm -r "$2";; *) exit 9;; esac',
      );
      for (const place of [source, target]) mkdirSync(join(folder, place));
    });
    const make = (place: string, list: string[]) =>
      list.forEach((name) => mkdirSync(join(folder, place, name)));

    it("copies what is new and keeps the last ten", () => {
      make(target, days.slice(0, 10));
      make(source, days.slice(3));
      assert.equal(copy().status, 0);
      assert.deepEqual(names(target), days.slice(3));
    });

    it("neither counts nor deletes folders that are not backups", () => {
      const others = ["0-of-another-program", "lost+found"];
      make(target, [...days.slice(0, 10), ...others]);
      make(source, days.slice(9));
      assert.equal(copy().status, 0);
      assert.deepEqual(names(target), [others[0], ...days.slice(3), others[1]]);
    });

    it("deletes nothing if the source is empty", () => {
      make(target, days.slice(0, 10));
      assert.equal(copy().status, 0);
      assert.deepEqual(names(target), days.slice(0, 10));
    });

    it("deletes nothing if copying fails", () => {
      make(target, days);
      standIn("rclone", '[ "$1" != copy ] || exit 3; [ "$1" = lsf ] && ls -1 "$3" || rm -r "$2"');
      assert.equal(copy().status, 3);
      assert.deepEqual(names(target), days);
    });
  });

  describe("of the plugins", () => {
    const install = (set: string) =>
      run(commandOf("StatefulSet", "jenkins", "plugins"), { SET: set });
    beforeEach(() => {
      mkdirSync(join(folder, "sets"));
      standIn(
        "jenkins-plugin-cli",
        `echo "$@" >> "${folder}/calls"; while [ "$1" != --plugin-download-directory ]; do shift; done; mkdir "$2"; touch "$2/git.jpi"`,
      );
    });

    it("installs a set once, with the lowest transitive versions", () => {
      assert.equal(install("aaa").status, 0);
      assert.equal(install("aaa").status, 0);
      const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
      assert.equal(calls.length, 1);
      assert.match(calls[0] ?? "", /--latest false$/);
      assert.deepEqual(names("sets", "aaa"), ["git.jpi"]);
    });

    it("leaves no partial set behind if it fails", () => {
      standIn("jenkins-plugin-cli", `mkdir "${folder}/sets/aaa.partial"; exit 4`);
      assert.equal(install("aaa").status, 4);
      assert.ok(!existsSync(join(folder, "sets", "aaa")));
      standIn(
        "jenkins-plugin-cli",
        `mkdir "${folder}/sets/aaa.partial"; touch "${folder}/sets/aaa.partial/git.jpi"`,
      );
      assert.equal(install("aaa").status, 0);
      assert.deepEqual(names("sets"), ["aaa"]);
    });

    it("keeps the set that was used last, for a rollback", () => {
      ["old", "former"].forEach((name, index) => {
        mkdirSync(join(folder, "sets", name));
        utimesSync(join(folder, "sets", name), 1000 + index, 1000 + index);
      });
      assert.equal(install("new").status, 0);
      assert.deepEqual(names("sets"), ["former", "new"]);
    });
  });

  it("prunes every builder, and fails if one does not respond", () => {
    standIn("buildctl", `echo "$2" >> "${folder}/calls"; [ "$2" != tcp://b ]`);
    const [shell = "", flag = "", script = "", name = ""] = commandOf(
      "CronJob",
      "image-cleanup",
      "prune",
    );
    const clean = (...addresses: string[]) =>
      run([shell, flag, script, name, ...addresses.map((address) => `tcp://${address}`)]).status;
    assert.deepEqual([clean("a", "c"), clean("a", "b", "c")], [0, 1]);
    const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    assert.deepEqual(calls.slice(2), ["tcp://a", "tcp://b", "tcp://c"]);
  });
});
