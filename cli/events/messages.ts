import { createHmac } from "node:crypto";
import type { Receiver } from "../../config/notifications";
import type { ReleaseEvent } from "./event";

/** A message to a receiver. */
export interface Message {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Maximum number of characters of a text: WeCom accepts 2048 bytes, and a character can have three. */
const longest = 600;

/**
 * Returns an event in the receiver's format, signed if the receiver has a secret.
 * @param now milliseconds since 1970: receivers refuse messages that were signed an hour ago.
 */
export function messageFor(
  type: Receiver["type"],
  event: ReleaseEvent,
  { url, secret }: { url: string; secret?: string },
  now: number,
): Message {
  const text = event.text.slice(0, longest);
  switch (type) {
    case "webhook":
      return webhook(url, event, secret, now);
    case "slack":
      return json(url, { text: slackText(text) });
    case "dingtalk":
      return json(dingtalkUrl(url, secret, now), { msgtype: "text", text: { content: text } });
    case "wecom":
      return json(url, { msgtype: "text", text: { content: text } });
    case "feishu":
      // A tag in the text would notify everyone.
      return json(url, {
        ...feishuSign(secret, now),
        msg_type: "text",
        content: { text: text.replaceAll("<", "＜") },
      });
  }
}

/** Returns why a receiver refused a message although it answered: chats report that in the body. */
export function refusalIn(
  type: Receiver["type"],
  status: number,
  body: unknown,
): string | undefined {
  if (status < 200 || status > 299) return `it answered ${status}`;
  const { errcode, code } = (typeof body === "object" && body !== null ? body : {}) as {
    errcode?: unknown;
    code?: unknown;
  };
  const result = type === "feishu" ? code : type === "dingtalk" || type === "wecom" ? errcode : 0;
  return result === undefined || result === 0 ? undefined : `it answered code ${String(result)}`;
}

/**
 * The signature covers the time and the body, so that neither can be changed, and the message cannot be sent
 * again later.
 */
function webhook(
  url: string,
  event: ReleaseEvent,
  secret: string | undefined,
  now: number,
): Message {
  const body = JSON.stringify(event);
  const timestamp = String(Math.floor(now / 1000));
  const message = json(url, event);
  message.headers["idempotency-key"] = event.key;
  if (secret === undefined) return message;
  const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  message.headers["x-platform-timestamp"] = timestamp;
  message.headers["x-platform-signature"] = `sha256=${signature}`;
  return message;
}

function dingtalkUrl(url: string, secret: string | undefined, now: number): string {
  if (secret === undefined) return url;
  const signature = createHmac("sha256", secret).update(`${now}\n${secret}`).digest("base64");
  const signed = new URL(url);
  signed.searchParams.set("timestamp", String(now));
  signed.searchParams.set("sign", signature);
  return signed.href;
}

/** In this scheme, time and secret are the key, and the signed text is empty. */
function feishuSign(
  secret: string | undefined,
  now: number,
): { timestamp?: string; sign?: string } {
  if (secret === undefined) return {};
  const timestamp = String(Math.floor(now / 1000));
  return { timestamp, sign: createHmac("sha256", `${timestamp}\n${secret}`).digest("base64") };
}

/** Escapes what Slack would read as commands, such as `<!channel>`. */
function slackText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function json(url: string, body: object): Message {
  const headers = { "content-type": "application/json; charset=utf-8" };
  return { url, headers, body: JSON.stringify(body) };
}
