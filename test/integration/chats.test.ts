import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { relayPort } from "../../components/monitoring/chats";
import { alertmanagerConfig } from "../../components/monitoring/routing";
import { binary } from "../../local/toolchain/install";
import { checkout } from "../../local/toolchain/paths";
import {
  startRecordingServer,
  type RecordedRequest,
  type RecordingServer,
} from "../support/bootstrap";
import { MonitoringTools } from "../support/promtool";

const secret = "SECabc";
/** Seconds by which a chat lets the time of a signature differ. */
const tolerance = 60;

/** Whether a message is signed as DingTalk asks for: its own server refuses every other one. */
function dingtalkTakes({ path }: RecordedRequest): boolean {
  const { searchParams } = new URL(path, "http://chat");
  const timestamp = searchParams.get("timestamp") ?? "";
  const sign = createHmac("sha256", secret).update(`${timestamp}\n${secret}`).digest("base64");
  return isNow(Number(timestamp) / 1000) && searchParams.get("sign") === sign;
}

function feishuTakes({ body }: RecordedRequest): boolean {
  const { timestamp = "", sign } = body as { timestamp?: string; sign?: string };
  const own = createHmac("sha256", `${timestamp}\n${secret}`).update("").digest("base64");
  return isNow(Number(timestamp)) && sign === own;
}

function isNow(seconds: number): boolean {
  return Math.abs(seconds - Date.now() / 1000) < tolerance;
}

describe("alerts in chats, by the real Alertmanager and the relay next to it", () => {
  const tools = new MonitoringTools();
  const children: ChildProcess[] = [];
  let chats: RecordingServer;
  let port: number;
  let failing = false;
  /** Messages with a wrong signature, judged when they came. */
  const unsigned: RecordedRequest[] = [];

  before(async () => {
    // A stand-in, as strict as the chats: each answers 200 and says in the body what it refuses.
    chats = await startRecordingServer((request) => {
      const { msgtype, msg_type } = request.body as { msgtype?: string; msg_type?: string };
      if (failing) return { status: 200, body: { errcode: 45009 } };
      const takes = request.path.startsWith("/dingtalk") ? dingtalkTakes : feishuTakes;
      if (/^\/(dingtalk|feishu)/.test(request.path) && !takes(request)) unsigned.push(request);
      if (request.path.startsWith("/dingtalk")) {
        const good = dingtalkTakes(request) && msgtype === "text";
        return { status: 200, body: { errcode: good ? 0 : 310000 } };
      }
      if (request.path.startsWith("/feishu")) {
        const good = feishuTakes(request) && msg_type === "text";
        return { status: 200, body: { code: good ? 0 : 19021 } };
      }
      return { status: 200, body: { errcode: msgtype === "text" ? 0 : 40008 } };
    });
    for (const [file, text] of Object.entries({
      "team-platform-0": `${chats.url}/dingtalk?access_token=x\n`,
      "team-platform-0-secret": `${secret}\n`,
      "team-platform-1": `${chats.url}/wecom?key=x`,
      "team-platform-2": `${chats.url}/feishu/x`,
      "team-platform-2-secret": secret,
    })) {
      tools.write(file, text);
    }
    const relay = await freePort();
    port = await freePort();
    const config = alertmanagerConfig({
      receivers: {
        platform: (["dingtalk", "wecom", "feishu"] as const).map((chat, index) => ({
          type: "chat",
          chat,
          file: `team-platform-${index}`,
        })),
      },
    });
    // Only times and the port differ from what runs in a cluster.
    const text = stringify(config)
      .replaceAll(`127.0.0.1:${relayPort}`, `127.0.0.1:${relay}`)
      .replaceAll(/group_wait: \S+/g, "group_wait: 0s")
      .replaceAll(/group_interval: \S+/g, "group_interval: 1s");
    const file = tools.write("alertmanager.yml", text);
    await tools.amtool("check-config", file);
    const script = join(checkout, "components/monitoring/chats/relay.mjs");
    start(process.execPath, script, tools.folder, String(relay));
    start(
      binary("alertmanager"),
      `--config.file=${file}`,
      `--storage.path=${join(tools.folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
    );
    await answers(`http://127.0.0.1:${relay}/healthy`);
    await answers(`http://127.0.0.1:${port}/-/ready`);
  });
  after(async () => {
    await Promise.all(
      children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exited = once(child, "exit");
        child.kill("SIGKILL");
        await exited;
      }),
    );
    await chats?.close();
    tools.remove();
    rmSync(join(tools.folder, "data"), { recursive: true, force: true });
  });

  function start(command: string, ...args: string[]): void {
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
    child.stderr?.on("data", (text: Buffer) => log.push(text.toString()));
    children.push(child);
  }
  const log: string[] = [];

  async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port: free } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return free;
  }

  async function answers(url: string): Promise<void> {
    for (const end = Date.now() + 30_000; Date.now() < end; await sleep(100)) {
      const ok = await fetch(url).then(
        (answer) => answer.ok,
        () => false,
      );
      if (ok) return;
    }
    throw new Error(`${url} does not answer:\n${log.join("")}`);
  }

  async function fire(name: string, summary: string, endsAt?: string): Promise<void> {
    const labels = { alertname: name, team: "platform", severity: "critical" };
    const annotations = { summary, description: "3 pods <at>all</at>", runbook_url: "https://r/x" };
    const answer = await fetch(`http://127.0.0.1:${port}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([{ labels, annotations, ...(endsAt === undefined ? {} : { endsAt }) }]),
    });
    assert.equal(answer.status, 200);
  }

  async function tell(path: string, pattern: RegExp): Promise<string> {
    for (const end = Date.now() + 30_000; Date.now() < end; await sleep(100)) {
      const found = chats.requests.find(
        (it) => it.path.startsWith(path) && pattern.test(JSON.stringify(it.body)),
      );
      if (found !== undefined) return JSON.stringify(found.body);
    }
    throw new Error(
      `${path} was not told ${String(pattern)}: ${JSON.stringify(chats.requests)}\n${log.join("")}`,
    );
  }

  it("reach DingTalk, WeCom and Feishu, signed", async () => {
    await fire("DiskFull", "The disk is full");
    const text = /\[critical\] The disk is full: 3 pods .* https:\/\/r\/x/;
    await tell("/dingtalk?access_token=x&timestamp=", text);
    await tell("/wecom?key=x", text);
    const feishu = await tell("/feishu/x", text);
    assert.doesNotMatch(feishu, /<at>/);
    assert.deepEqual(unsigned, []);
  });

  it("get a message when they are resolved", async () => {
    await fire("DiskFull", "The disk is full", new Date().toISOString());
    await tell("/wecom", /\[resolved\] The disk is full/);
  });

  it("are sent again if a chat refuses them, and count as failed", async () => {
    failing = true;
    await fire("TooMany", "Too many messages");
    await tell("/wecom", /Too many messages/);
    const failed =
      /^alertmanager_notification_requests_failed_total\{[^}]*integration="webhook"[^}]*\} [1-9]/m;
    let metrics = "";
    for (let tries = 100; !failed.test(metrics) && tries > 0; tries -= 1) {
      metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      await sleep(200);
    }
    assert.match(metrics, failed);
    const before = chats.requests.length;
    failing = false;
    await tell("/wecom", /Too many messages/);
    for (let tries = 100; chats.requests.length <= before && tries > 0; tries -= 1)
      await sleep(200);
    assert.ok(chats.requests.length > before, "it was not sent again");
    assert.doesNotMatch(log.join(""), /access_token=x|key=x|SECabc/);
  });

  it("are refused by the stand-in when the signature is wrong", async () => {
    writeFileSync(join(tools.folder, "team-platform-0-secret"), "another");
    await fire("Signed", "Signed otherwise");
    await tell("/dingtalk", /Signed otherwise/);
    for (let tries = 50; !/310000/.test(log.join("")) && tries > 0; tries -= 1) await sleep(200);
    assert.match(log.join(""), /dingtalk team-platform-0: it answered code 310000/);
  });
});
