import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { whyNoMachines } from "../../../local/machines/available";
import { makeCgroups, probeCgroup } from "../../../local/machines/cgroups";
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
    ["setpriv", "--reuid=65534", "--clear-groups"],
    /^real nodes need root, and this user is not; run this as root$/,
  ],
];

describe("whether a computer can have real nodes", function () {
  // The packages of the nodes' system are unpacked once per user.
  this.timeout(300_000);
  before(async function () {
    if ((await whyNoMachines()) !== undefined) this.skip();
  });

  for (const [name, command, expected] of cases) {
    it(`is denied in one line where a process cannot have ${name}, and nothing is left`, () => {
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
