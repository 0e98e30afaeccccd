import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { etcdCommands } from "../../../components/backup/etcd";
import { binary } from "../../../local/toolchain/install";
import { freePort, mustRun, runProgram, sharedFolder } from "../../support/backup";
import { assertShown } from "../../support/shown";
import { failedWith } from "../../support/results";

describe("etcd", () => {
  const folder = sharedFolder();
  const running: ChildProcess[] = [];
  after(() => {
    for (const member of running) member.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  const etcdctl = (endpoint: string, ...args: string[]) =>
    mustRun(binary("etcdctl"), [`--endpoints=${endpoint}`, ...args]);

  async function start(data: string): Promise<string> {
    const client = `http://127.0.0.1:${await freePort()}`;
    const peer = `http://127.0.0.1:${await freePort()}`;
    running.push(
      spawn(
        binary("etcd"),
        [
          ...["--name=one", `--data-dir=${data}`, "--log-level=error"],
          ...[`--listen-client-urls=${client}`, `--advertise-client-urls=${client}`],
          ...[`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`],
          `--initial-cluster=one=${peer}`,
        ],
        { stdio: "ignore" },
      ),
    );
    for (let tries = 0; tries < 100; tries++) {
      const health = [`--endpoints=${client}`, "endpoint", "health"];
      if ((await runProgram(binary("etcdctl"), health)).code === 0) return client;
      await sleep(200);
    }
    throw new Error("etcd does not start");
  }

  it("has its keys again after a restore from a snapshot", async () => {
    const endpoint = await start(join(folder, "first"));
    await etcdctl(endpoint, "put", "/registry/namespaces/shop", "kept");
    const file = join(folder, "etcd.db");
    const [snapshot, verify] = etcdCommands({ endpoint, file });
    for (const [command = "", ...args] of [snapshot, verify]) {
      const output = await mustRun(binary(command), args);
      const names = { [file]: "etcd.db" };
      const beginning = `${command} ${command === "etcdctl" ? "--endpoints=http://127.0.0.1:42379 " : ""}snapshot`;
      assertShown({ page: "docs/backup.md", command: beginning, output, names });
    }
    await etcdctl(endpoint, "put", "/registry/namespaces/late", "after the snapshot");
    running.pop()?.kill("SIGKILL");

    const data = join(folder, "restored");
    await mustRun(binary("etcdutl"), ["snapshot", "restore", file, `--data-dir=${data}`]);
    const restored = await start(data);
    const keys = await etcdctl(restored, "get", "--prefix", "/registry/");
    assert.equal(keys.trim(), "/registry/namespaces/shop\nkept");
  });

  it("fails if a snapshot is damaged, or if a member does not respond", async () => {
    const file = join(folder, "damaged.db");
    const bytes = readFileSync(join(folder, "etcd.db"));
    bytes[bytes.length >> 1]! ^= 0xff;
    writeFileSync(file, bytes);
    const restore = ["snapshot", "restore", file, `--data-dir=${join(folder, "damaged")}`];
    failedWith(await runProgram(binary("etcdutl"), restore), /expected sha256 /);
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const [[, ...args]] = etcdCommands({ endpoint, file: join(folder, "none.db") });
    const silent = await runProgram(binary("etcdctl"), [...args, "--command-timeout=2s"]);
    failedWith(silent, /context deadline exceeded|connection refused/);
  });

  it("is queried with a client certificate", () => {
    const [snapshot] = etcdCommands({ endpoint: "https://a:2379", certificates: "/c", file: "/f" });
    assert.deepEqual(snapshot, [
      "etcdctl",
      "--endpoints=https://a:2379",
      "--cacert=/c/ca.crt",
      "--cert=/c/tls.crt",
      "--key=/c/tls.key",
      "snapshot",
      "save",
      "/f",
    ]);
  });
});
