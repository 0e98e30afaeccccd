import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { heldText, isHeldByEnded } from "../../../engine/held";

describe("the lock of a stack whose state is in a folder", () => {
  let state: string;
  let backend: string;
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "held-"));
    backend = `file://${state}?metadata=skip`;
  });
  afterEach(() => rmSync(state, { recursive: true }));

  const lock = (name: string, holder: { pid: number; host?: string }) => {
    const folder = join(state, ".pulumi/locks/organization/platform/dev");
    mkdirSync(folder, { recursive: true });
    const { pid, host = hostname() } = holder;
    const content = { pid, username: "root", hostname: host, timestamp: new Date().toISOString() };
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(content));
  };
  const ended = () => spawnSync("true").pid;

  it("is stale if all of its holders ended on this machine", () => {
    assert.equal(isHeldByEnded("dev", backend), false);
    lock("one", { pid: ended() });
    assert.equal(isHeldByEnded("dev", backend), true);
    assert.match(heldText("dev", backend) ?? "", /which no longer runs; release the stale lock/);
    lock("two", { pid: process.pid });
    assert.equal(isHeldByEnded("dev", backend), false);
    assert.match(heldText("dev", backend) ?? "", /which still runs on this machine; wait for it/);
  });

  it("is not stale if its holder is on another machine, about which nothing is known", () => {
    lock("one", { pid: ended(), host: "elsewhere" });
    assert.equal(isHeldByEnded("dev", backend), false);
  });

  it("belongs to one stack only", () => {
    lock("one", { pid: ended() });
    assert.equal(isHeldByEnded("gray", backend), false);
    assert.equal(heldText("gray", backend), undefined);
  });
});
