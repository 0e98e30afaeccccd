import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkEvent, refusedEvent, transitionEvent } from "../../../../cli/events/event";
import { notify, type Sending } from "../../../../cli/events/notify";
import { notifications, type Receiver } from "../../../../config/notifications";
import { Recorder, type Received } from "./recorder";

const place = { app: "shop", team: "commerce", environment: "online", stack: "prod" };
const at = "2026-11-27T10:00:00.000Z";
const promote = transitionEvent(place, { kind: "promote", at, release: "1.5.0", from: "1.4.2" });
const secret = "SEC-this-is-secret";
const sign = (key: string, text: string) => createHmac("sha256", key).update(text).digest("base64");

/** Checks of each receiver, according to its documentation. */
const checks: Record<Receiver["type"], (request: Received) => object> = {
  webhook: ({ headers, text }) => {
    const signed = `${String(headers["x-platform-timestamp"])}.${text}`;
    const expected = `sha256=${createHmac("sha256", secret).update(signed).digest("hex")}`;
    assert.equal(headers["x-platform-signature"], expected);
    return {};
  },
  slack: ({ path, body }) => {
    assert.equal(path, "/services/T/B/key");
    assert.deepEqual(Object.keys(body), ["text"]);
    return {};
  },
  dingtalk: ({ query, body }) => {
    const time = query.get("timestamp") ?? "";
    const fits = query.get("sign") === sign(secret, `${time}\n${secret}`);
    const isNew = Math.abs(Date.now() - Number(time)) < 3_600_000;
    if (!fits || !isNew || query.get("access_token") !== "key") return { errcode: 310000 };
    return typeof (body["text"] as { content?: unknown }).content === "string" &&
      body["msgtype"] === "text"
      ? { errcode: 0, errmsg: "ok" }
      : { errcode: 40035 };
  },
  wecom: ({ query, body }) => {
    if (query.get("key") !== "key") return { errcode: 93000 };
    const { content } = body["text"] as { content: string };
    return {
      errcode: body["msgtype"] === "text" && Buffer.byteLength(content) <= 2048 ? 0 : 40058,
    };
  },
  feishu: ({ body }) => {
    const time = String(body["timestamp"]);
    const fits = body["sign"] === sign(`${time}\n${secret}`, "");
    const isNew = Math.abs(Date.now() / 1000 - Number(time)) < 3600;
    if (!fits || !isNew) return { code: 19021 };
    return { code: body["msg_type"] === "text" ? 0 : 9499 };
  },
};

const paths: Record<Receiver["type"], string> = {
  webhook: "/hook",
  slack: "/services/T/B/key",
  dingtalk: "/robot/send?access_token=key",
  wecom: "/cgi-bin/webhook/send?key=key",
  feishu: "/open-apis/bot/v2/hook/key",
};

describe("events", () => {
  let folder: string;
  const started: Recorder[] = [];
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "events-"))));
  afterEach(async () => {
    for (const recorder of started.splice(0)) await recorder.stop();
    rmSync(folder, { recursive: true });
  });

  async function recorder(
    accepts: (request: Received) => object | undefined,
  ): Promise<[Recorder, string]> {
    const made = new Recorder(accepts);
    started.push(made);
    return [made, await made.start()];
  }

  function sending(url: string, fields: object, more: Partial<Sending> = {}): Sending {
    const receivers = notifications.parse([{ url: { variable: "URL" }, ...fields }]);
    return { receivers, environment: { URL: url, SECRET: secret }, folder, ...more };
  }

  for (const type of Object.keys(checks) as Receiver["type"][]) {
    const signed = ["webhook", "dingtalk", "feishu"].includes(type);
    it(`reach ${type}${signed ? ", signed" : ""}, as its documentation requires`, async () => {
      const [made, base] = await recorder(checks[type]);
      const fields = { type, ...(signed ? { secret: { variable: "SECRET" } } : {}) };
      assert.deepEqual(await notify([promote], sending(base + paths[type], fields)), []);
      assert.equal(made.received.length, 1);
      assert.match(
        made.received[0]?.text ?? "",
        /shop in online: 1\.5\.0 is now stable, in place of 1\.4\.2/,
      );
    });
  }

  it("have types for a webhook, and a key by which a receiver recognizes repetitions", async () => {
    const [made, base] = await recorder(() => ({}));
    await notify([promote], sending(base, { type: "webhook" }));
    assert.deepEqual(made.received[0]?.body, {
      schema: 1,
      key: promote.key,
      app: "shop",
      team: "commerce",
      environment: "online",
      stack: "prod",
      kind: "promote",
      at,
      release: "1.5.0",
      from: "1.4.2",
      text: "shop in online: 1.5.0 is now stable, in place of 1.4.2",
    });
    assert.equal(made.received[0].headers["idempotency-key"], promote.key);
  });

  it("with a wrong secret are refused, and this is reported although the chat answers 200", async () => {
    for (const type of ["dingtalk", "feishu"] as const) {
      const [, base] = await recorder(checks[type]);
      const wrong = sending(base + paths[type], { type, secret: { variable: "SECRET" } });
      wrong.environment = { ...wrong.environment, SECRET: "other" };
      const problems = await notify([{ ...promote, key: type }], wrong);
      assert.match(
        problems.join(),
        /platform:notifications\[0\] \(\w+\) did not get .*: it answered code \d+/,
      );
    }
  });

  it("are sent at most once for each transition, whether or not they arrived", async () => {
    const [made, base] = await recorder(() => ({}));
    const to = sending(base, { type: "webhook" });
    await notify([promote, promote], to);
    await notify([promote], to);
    assert.equal(made.received.length, 1);
    const down = sending("http://127.0.0.1:1", { type: "webhook" });
    const other = { ...promote, key: "other" };
    assert.equal((await notify([other], down)).length, 1);
    assert.deepEqual(await notify([other], to), []);
    assert.equal(made.received.length, 1);
  });

  it("neither fail nor wait long if a receiver is down, and never show its address", async () => {
    const [silent, base] = await recorder(() => undefined);
    const events = [1, 2, 3].map((number) => ({ ...promote, key: String(number) }));
    const problems = await notify(
      events,
      sending(`${base}/private`, { type: "webhook" }, { timeoutMs: 300 }),
    );
    assert.equal(silent.received.length, 1);
    assert.equal(problems.length, 3);
    const refused = await notify(
      [promote],
      sending("http://127.0.0.1:1/private", { type: "slack" }),
    );
    const missing = await notify([{ ...promote, key: "x" }], sending("", { type: "slack" }));
    assert.match(problems[0] ?? "", /it did not answer in time/);
    assert.match(refused.join(), /no connection/);
    assert.match(missing.join(), /expected an HTTP address in URL, got none/);
    assert.doesNotMatch([...problems, ...refused].join(), /private|127\.0\.0\.1/);
  });

  it("are sent only to receivers of their kind and team", async () => {
    const [made, base] = await recorder(() => ({}));
    await notify([promote], sending(base, { type: "webhook", events: ["refused"] }));
    await notify(
      [{ ...promote, key: "b" }],
      sending(base, { type: "webhook", teams: ["content"] }),
    );
    assert.equal(made.received.length, 0);
    const both = { type: "webhook", events: ["promote"], teams: ["commerce"] };
    await notify([{ ...promote, key: "c" }], sending(base, both));
    assert.equal(made.received.length, 1);
  });

  it("contain no commands of a chat", async () => {
    const [made, base] = await recorder(() => ({ code: 0 }));
    const override = {
      kind: "override" as const,
      at,
      release: "1",
      by: "Ann",
      reason: '<!channel> <at user_id="all">',
    };
    const event = transitionEvent(place, override);
    await notify([event], sending(base, { type: "slack" }));
    await notify([{ ...event, key: "f" }], sending(base, { type: "feishu" }));
    for (const { text } of made.received) assert.doesNotMatch(text, /<!|<at/);
  });

  it("are sent once for each verdict of a check, and once for each refused request", () => {
    const check = { verdict: "pass" as const, at, release: "1.5.0", samples: 900 };
    const later = { ...check, at: "2026-11-27T11:00:00.000Z" };
    assert.equal(checkEvent(place, check).key, checkEvent(place, later).key);
    assert.notEqual(
      checkEvent(place, check).key,
      checkEvent(place, { ...check, verdict: "fail" }).key,
    );
    const refusal = {
      app: "shop",
      rule: "soak",
      message: "too soon",
      remedy: "wait",
      asked: "a",
      live: "b",
    };
    const refused = refusedEvent(place, [refusal] as never, at);
    assert.equal(refused.text, "shop in online: refused: too soon (soak)");
    assert.equal(refused.key, refusedEvent(place, [refusal] as never, later.at).key);
  });
});
