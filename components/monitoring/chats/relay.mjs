// Forwards Alertmanager's messages to chats that require their own format and signature. Plain Node.js without packages,
// because the pod mounts this file into a stock image. It listens only on localhost, in Alertmanager's pod.
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { URL } from "node:url";

const { AbortSignal, console, fetch } = globalThis;
const [folder = "", port = "9095"] = process.argv.slice(2);

/** Maximum number of characters of a message: WeCom accepts 2048 bytes, and a character may need three. */
const maximumCharacters = 600;
/** Maximum number of alerts that one message lists. */
const maximumAlerts = 10;
/** Milliseconds that a chat has to respond; Alertmanager retries later. */
const timeout = 10_000;
/** Maximum size of a request in bytes. */
const maximumBytes = 4 * 1024 * 1024;

function textOf({ alerts = [] }) {
  const lines = alerts.slice(0, maximumAlerts).map(({ status, labels = {}, annotations = {} }) => {
    const state = status === "resolved" ? "resolved" : (labels.severity ?? "firing");
    const what = annotations.summary ?? labels.alertname ?? "an alert";
    const more = annotations.description === undefined ? "" : `: ${annotations.description}`;
    const link = annotations.runbook_url === undefined ? "" : ` ${annotations.runbook_url}`;
    return `[${state}] ${what}${more}${link}`;
  });
  const rest = alerts.length - lines.length;
  const text = [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n");
  // Spreading into characters keeps surrogate pairs together.
  return [...text].slice(0, maximumCharacters).join("");
}

const chats = {
  dingtalk(url, text, secret) {
    const now = Date.now();
    const signed = new URL(url);
    if (secret !== undefined) {
      const sign = createHmac("sha256", secret).update(`${now}\n${secret}`).digest("base64");
      signed.searchParams.set("timestamp", String(now));
      signed.searchParams.set("sign", sign);
    }
    return { url: signed.href, body: { msgtype: "text", text: { content: text } } };
  },
  wecom: (url, text) => ({ url, body: { msgtype: "text", text: { content: text } } }),
  feishu(url, text, secret) {
    const timestamp = String(Math.floor(Date.now() / 1000));
    // Here, timestamp and secret are the key, and the signed text is empty.
    const sign = createHmac("sha256", `${timestamp}\n${secret}`).digest("base64");
    const signature = secret === undefined ? {} : { timestamp, sign };
    // A tag in the text, such as <at>, would notify everybody.
    const content = { text: text.replaceAll("<", "＜") };
    return { url, body: { ...signature, msg_type: "text", content } };
  },
};

/** Files are read for every message, so that a new address needs no restart. */
function credential(file) {
  const path = join(folder, file);
  return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
}

/** @returns why the chat did not accept the message; undefined if it did. */
async function forward(chat, file, message) {
  const address = credential(file);
  if (address === undefined) return "its address is missing";
  const { url, body } = chats[chat](address, textOf(message), credential(`${file}-secret`));
  const headers = { "content-type": "application/json; charset=utf-8" };
  const signal = AbortSignal.timeout(timeout);
  const init = { method: "POST", headers, body: JSON.stringify(body), signal, redirect: "error" };
  const answer = await fetch(url, init);
  if (!answer.ok) return `it answered ${answer.status}`;
  const reply = await answer.json();
  const code = chat === "feishu" ? reply.code : reply.errcode;
  return code === undefined || code === 0 ? undefined : `it answered code ${code}`;
}

async function read(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > maximumBytes) throw new Error("the message is too large");
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString("utf8"));
}

const server = createServer(async (request, response) => {
  const [, chat, file] = /^\/([a-z]+)\/([a-z0-9-]+)$/.exec(request.url ?? "") ?? [];
  const end = (status, text) => response.writeHead(status).end(`${text}\n`);
  if (request.method === "GET" && request.url === "/healthy") return end(200, "ok");
  if (request.method !== "POST" || !Object.hasOwn(chats, chat ?? ""))
    return end(404, "unknown chat");
  try {
    const problem = await forward(chat, file, await read(request));
    if (problem === undefined) return end(200, "sent");
    console.error(`${chat} ${file}: ${problem}`);
    // Alertmanager retries after a 5xx.
    return end(502, problem);
  } catch (error) {
    // The error's message may contain the address, which is a secret.
    const reason = error.name === "TimeoutError" ? "timeout" : "no connection";
    console.error(`${chat} ${file}: ${reason} (${error.cause?.code ?? error.name})`);
    return end(502, reason);
  }
});
server.listen(Number(port), "127.0.0.1");
process.on("SIGTERM", () => server.close(() => process.exit(0)));
