import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goVersion, requireGo } from "../../../local/toolchain/build";
import { normalizedCrds } from "../../../local/toolchain/crds";
import { verify, WrongChecksum } from "../../../local/toolchain/download";
import { version as random } from "@pulumi/random/package.json";
import { ensureLaunchers, isOfficial, plugins } from "../../../local/toolchain/plugins";
import { replaceFile, temporaryPath } from "../../../local/toolchain/replace-file";
import type { Tool } from "../../../local/toolchain/tool";
import { tools } from "../../../local/toolchain/tools";
import { quoted } from "../../../config/shell";

describe("plugins", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plugins-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Creates a recording stub of an official plugin. */
  function standIn(binary: string): string {
    const bin = join(folder, "official");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, binary), '#!/bin/sh\necho "$@" >> "$0.calls"\n');
    chmodSync(join(bin, binary), 0o755);
    return bin;
  }

  const launchersIn = (path: string) => {
    const launchers = join(folder, "launchers");
    ensureLaunchers({ path, installed: join(folder, "installed") }, launchers);
    return readdirSync(launchers).sort();
  };

  it("that are missing have stand-ins", () => {
    assert.deepEqual(launchersIn(""), Object.keys(plugins).sort());
  });

  it("optimize their code later, except where bcrypt would take a second of CPU time per password", () => {
    const later = launchersIn("").filter((launcher) =>
      readFileSync(join(folder, "launchers", launcher), "utf8").includes("--no-opt"),
    );
    assert.deepEqual(
      later,
      Object.keys(plugins)
        .filter((plugin) => plugin !== "pulumi-resource-random")
        .sort(),
    );
  });

  it("of the official builds on the PATH replace the stand-ins, which are removed", () => {
    launchersIn("");
    const language = standIn("pulumi-language-nodejs");
    standIn("pulumi-resource-kubernetes");
    assert.deepEqual(launchersIn(language), ["pulumi-resource-docker", "pulumi-resource-random"]);
  });

  it("are neither rewritten nor changed in place, because an engine may start them meanwhile", () => {
    launchersIn("");
    const launcher = join(folder, "launchers", "pulumi-resource-random");
    const { ino } = statSync(launcher);
    const text = readFileSync(launcher, "utf8");
    launchersIn("");
    assert.equal(statSync(launcher).ino, ino);
    // A launcher of another checkout, or of an earlier version.
    writeFileSync(launcher, "#!/bin/sh\n");
    const opened = openSync(launcher, "r");
    assert.deepEqual(launchersIn(""), Object.keys(plugins).sort());
    assert.equal(readFileSync(opened, "utf8"), "#!/bin/sh\n");
    closeSync(opened);
    assert.equal(readFileSync(launcher, "utf8"), text);
    assert.ok(statSync(launcher).mode & 0o100);
  });

  /** Creates an official plugin as the engine installs it. */
  function installed(version: string): string {
    const place = join(folder, "installed", `resource-random-v${version}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "pulumi-resource-random"), "#!/bin/sh\n", { mode: 0o755 });
    return place;
  }

  it("that the engine installed replace the stand-ins", () => {
    installed(random);
    assert.equal(launchersIn("").includes("pulumi-resource-random"), false);
  });

  it("that the engine installed for another project, or incompletely, do not", () => {
    installed("4.0.0");
    assert.ok(launchersIn("").includes("pulumi-resource-random"));
    writeFileSync(`${installed(random)}.partial`, "");
    assert.ok(launchersIn("").includes("pulumi-resource-random"));
  });

  it("are not official if the file with their name is not executable", () => {
    const bin = standIn("pulumi-resource-random");
    chmodSync(join(bin, "pulumi-resource-random"), 0o644);
    assert.equal(isOfficial("pulumi-resource-random", { path: bin, installed: "none" }), false);
  });

  it("are started from folders with any name", () => {
    assert.equal(quoted("it's here"), "'it'\\''s here'");
  });
});

describe("a file that is replaced", () => {
  it("has the text of one of its writers, also of those with the same process ID", () => {
    const folder = mkdtempSync(join(tmpdir(), "replaced-"));
    try {
      const path = join(folder, "file");
      // What a writer in another container leaves while it writes.
      writeFileSync(`${path}.${process.pid}`, "half");
      replaceFile(path, "whole");
      assert.equal(readFileSync(path, "utf8"), "whole");
      assert.equal(readFileSync(`${path}.${process.pid}`, "utf8"), "half");
      assert.notEqual(temporaryPath(path), temporaryPath(path));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("downloads", () => {
  const content = Buffer.from("the tool");
  const sum = createHash("sha256").update(content).digest("hex");

  it("are used when their publisher's list has their checksum", () => {
    verify("tool.tar.gz", content, `${"0".repeat(64)}  other.tar.gz\n${sum}  tool.tar.gz\n`);
    verify("kubectl", content, sum);
  });

  it("are refused if they are truncated or not in the list", () => {
    const list = `${sum}  tool.tar.gz\n${"0".repeat(64)}  other.tar.gz\n`;
    assert.throws(() => verify("tool.tar.gz", content.subarray(1), list), WrongChecksum);
    assert.throws(
      () => verify("third.tar.gz", content, list),
      /expected its publisher's checksum \(missing\)/,
    );
  });
});

describe("Go", () => {
  const [tool] = tools as [Tool];

  it("is required in the version of the tool's module", () => {
    assert.equal(goVersion("module x\n\ngo 1.26.0\n"), "1.26.0");
    requireGo(tool, "1.26.0", "1.26.8");
    requireGo(tool, "1.26", "2.0");
  });

  it("that is missing or too old is an error that names the alternatives", () => {
    assert.throws(
      () => requireGo(tool, "1.26.0", undefined),
      /Go 1\.26\.0 or newer is needed to build etcd .*but Go is not installed/,
    );
    assert.throws(
      () => requireGo(tool, "1.26.0", "1.25.9"),
      /the installed one is 1\.25\.9.*PLATFORM_CACHE/,
    );
  });

  it("has a module for every tool", () => {
    for (const { module } of tools) {
      const file = join(__dirname, "../../../local/toolchain/modules", module, "go.mod");
      assert.ok(existsSync(file), file);
    }
  });
});

describe("definitions", () => {
  it("result in the same bytes from one file or many, in any order, with or without a status", () => {
    const a = "kind: CustomResourceDefinition\nmetadata: {name: a, creationTimestamp: null}\n";
    const b = "# comment\nkind: CustomResourceDefinition\nmetadata: {name: b}\nstatus: {x: 1}\n";
    const other = "kind: ValidatingAdmissionPolicy\nmetadata: {name: c}\n";
    assert.equal(normalizedCrds([a, b]), normalizedCrds([`${b}---\n${other}---\n${a}`]));
    assert.doesNotMatch(normalizedCrds([a, b, other]), /Policy|status|creationTimestamp/);
  });

  it("are refused if their YAML has an error, which Go's parser may accept", () => {
    const text = "kind: CustomResourceDefinition\nmetadata:\n  name: 'a\n  description: b'\n";
    assert.throws(() => normalizedCrds([text]), /the definitions are not valid YAML: /);
  });
});
