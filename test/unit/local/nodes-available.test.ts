import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataFolder, type Cluster } from "../../../local/cluster/paths";
import { machineCount } from "../../../local/commands/machine-count";
import { whyNoMachines } from "../../../local/machines/available";
import { makeCgroups, probeCgroup } from "../../../local/machines/cgroups";
import { nodePlaces, placesOf } from "../../../local/machines/places";
import { checkout, localFolder, typescriptLoader } from "../../../local/toolchain/paths";

const probes = join(localFolder, "probes");
const available = join(checkout, "local/machines/available");
const question = `require(${JSON.stringify(available)}).whyNoMachines().then((it) => console.log(it ?? "none"))`;

/** Runs the probe in a process that a command starts, such as one that drops a capability. */
function ask(...command: string[]): { pid: number; answer: string } {
  const [program = "", ...args] = [
    ...command,
    process.execPath,
    ...["--require", typescriptLoader, "--eval", question],
  ];
  const { pid, status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return { pid, answer: stdout.trim() };
}

const without = (capability: string) => [
  "setpriv",
  ...[`--bounding-set=-${capability}`, `--inh-caps=-${capability}`],
];

/** Runs a command in a mount namespace after a script has changed its mounts. */
const mounted = (script: string) => [
  "unshare",
  "--mount",
  "sh",
  "-ec",
  `${script}; exec "$@"`,
  "-",
];

const readOnly = `grep -E ' cgroup2? ' /proc/self/mounts | cut -d' ' -f2 | while read -r path; do
  mount -o remount,bind,ro "$path"; done`;

const layered = `mkdir -p "${localFolder}"; at=$(mktemp -d); mount -t tmpfs layers "$at"; mkdir "$at/upper" "$at/work" "$at/lower"
  mount -t overlay -o "lowerdir=$at/lower,upperdir=$at/upper,workdir=$at/work" layers "${localFolder}"
  umount --lazy "$at"; rmdir "$at"`;

/** What a process that lacks something is told: what it lacks, and what to do. */
const cases: [string, string[], RegExp][] = [
  [
    "namespaces",
    without("sys_admin"),
    /^real nodes need namespaces .*\(unshare: .*Operation not permitted\); run this as root of the computer; in a container, with --privileged$/,
  ],
  [
    "a control group",
    mounted(readOnly),
    /^real nodes need a control group.*kubernetes-platform-probe.*; run this where \/sys\/fs\/cgroup can be written/,
  ],
  [
    "a bridge",
    without("net_admin"),
    /^real nodes need a bridge and links to it.*Operation not permitted/,
  ],
  [
    "overlay file systems",
    mounted(layered),
    /^real nodes need overlay file systems in the project's folder.*; move the project to a file system such as ext4 or XFS/,
  ],
  [
    "the computer's own network settings",
    mounted("mount --bind /proc/sys /proc/sys; mount -o remount,bind,ro /proc/sys"),
    /^real nodes need routes and nftables rules of this computer.*EROFS: read-only file system/,
  ],
  [
    "root",
    // Its files are still those of this user, as another one may not read this folder.
    ["unshare", "--user", "--map-user=65534"],
    /^real nodes need root, but this user is not root; run this as root$/,
  ],
];

describe("whether a computer can have real nodes", function () {
  // The packages of the nodes' system are unpacked once per user.
  this.timeout(300_000);
  before(async function () {
    if ((await whyNoMachines()) !== undefined) this.skip();
  });

  for (const [name, command, expected] of cases) {
    it(`is denied in one line if a process cannot have ${name}, with nothing left behind`, () => {
      const { pid, answer } = ask(...command);
      assert.match(answer, expected);
      assert.ok(!answer.includes("\n"), answer);
      assert.deepEqual(left(pid), []);
    });
  }

  it("is answered without leaving anything, and removes what a killed probe left", () => {
    const ended = spawnSync("true").pid;
    makeCgroups(probeCgroup(ended));
    mkdirSync(join(probes, String(ended)), { recursive: true });
    const { pid, answer } = ask();
    assert.equal(answer, "none");
    assert.deepEqual([...left(ended), ...left(pid)], []);
  });
});

describe("the number of real nodes of a local cluster", function () {
  // In this file, because two processes must not fetch the packages at the same time.
  this.timeout(300_000);
  let cluster: Cluster;
  let cannot: string | undefined;
  before(async () => {
    cannot = await whyNoMachines();
  });
  beforeEach(() => {
    const folder = mkdtempSync(join(tmpdir(), "machine-count-"));
    cluster = { name: "some", folder, kubeconfig: join(folder, "kubeconfig"), context: "some" };
  });
  afterEach(() => rmSync(cluster.folder, { recursive: true }));

  const created = () => mkdirSync(dataFolder(cluster), { recursive: true });
  const createdWithNodes = (...names: string[]) => {
    created();
    for (const name of names) mkdirSync(nodePlaces(cluster, name).folder, { recursive: true });
    writeFileSync(placesOf(cluster).network, "{}");
  };

  it("is 1 for a new cluster if the computer can have real nodes, and otherwise 0 with the reason", async () => {
    const expected = cannot === undefined ? { count: 1 } : { count: 0, reason: cannot };
    assert.deepEqual(await machineCount(cluster, undefined), expected);
    assert.deepEqual(
      await machineCount(cluster, "2"),
      cannot === undefined ? { count: 2 } : expected,
    );
  });

  it("is 0 if requested", async () => {
    assert.deepEqual(await machineCount(cluster, "0"), { count: 0, reason: "--machines is 0" });
    created();
    assert.deepEqual(await machineCount(cluster, "0"), { count: 0, reason: "--machines is 0" });
  });

  it("stays 0 for a cluster without real nodes, with a message that says what to do", async function () {
    if (cannot !== undefined) this.skip();
    created();
    assert.deepEqual(await machineCount(cluster, undefined), {
      count: 0,
      reason:
        'cluster "some" was created without real nodes; to have one, run npx platform local down, then npm run local',
    });
    await assert.rejects(machineCount(cluster, "1"), /"some" was created without real nodes/);
  });

  it("does not change for a cluster with real nodes", async function () {
    if (cannot !== undefined) this.skip();
    createdWithNodes("machine-0", "machine-1");
    assert.deepEqual(await machineCount(cluster, undefined), { count: 2 });
    assert.deepEqual(await machineCount(cluster, "3"), { count: 3 });
  });

  it("cannot become 0 for a cluster with real nodes, whose pods are on them", async () => {
    createdWithNodes("machine-0");
    await assert.rejects(machineCount(cluster, "0"), {
      message:
        '--machines: expected 1 or more, as cluster "some" has real nodes with pods on them, got 0; ' +
        "to simulate every pod, run npx platform local down first",
    });
  });

  for (const value of ["4", "-1", "one", ""]) {
    it(`is not "${value}"`, async () => {
      await assert.rejects(machineCount(cluster, value), {
        message: `--machines: expected a number from 0 to 3, got ${value}`,
      });
    });
  }
});

/** What a probe left: its folder, mounts, and control groups. */
function left(pid: number): string[] {
  const folder = join(probes, String(pid));
  const roots = ["", ...readdirSync("/sys/fs/cgroup")].map((it) => join("/sys/fs/cgroup", it));
  return [
    ...[folder, ...roots.map((it) => join(it, probeCgroup(pid)))].filter((it) => existsSync(it)),
    ...readFileSync("/proc/mounts", "utf8")
      .split("\n")
      .filter((it) => it.includes(folder)),
  ];
}
