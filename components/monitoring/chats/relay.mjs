// Passes Alertmanager's messages on to chats that take a form and a signature of their own. Plain Node
// without packages: the pod mounts this file into a stock image. It listens beside Alertmanager only.
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { URL } from "node:url";

const { AbortSignal, console, fetch } = globalThis;
const [folder = "", port = "9095"] = process.argv.slice(2);

/** Characters of a message: WeCom takes 2048 bytes, and a character may have three. */
const longest = 600;
/** Alerts of one message that are told one by one. */
const most = 10;
/** Milliseconds that a chat has for its answer; Alertmanager tries again later. */
const patience = 10_000;
/** Bytes of a request at most. */
const largest = 4 * 1024 * 1024;

function textOf({ alerts = [] }) {
  const lines = alerts.slice(0, most).map(({ status, labels = {}, annotations = {} }) => {
    const state = status === "resolved" ? "resolved" : (labels.severity ?? "firing");
    const what = annotations.summary ?? labels.alertname ?? "an alert";
    const more = annotations.description === undefined ? "" : `: ${annotations.description}`;
    const link = annotations.runbook_url === undefined ? "" : ` ${annotations.runbook_url}`;
    return `[${state}] ${what}${more}${link}`;
  });
  const rest = alerts.length - lines.length;
  const text = [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n");
  // A character of two halves is not cut in two.
  return [...text].slice(0, longest).join("");
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
    // Here time and secret are the key, and what is signed is empty.
    const sign = createHmac("sha256", `${timestamp}\n${secret}`).digest("base64");
    const signature = secret === undefined ? {} : { timestamp, sign };
    // A tag of its own would notify everybody.
    const content = { text: text.replaceAll("<", "＜") };
    return { url, body: { ...signature, msg_type: "text", content } };
  },
};

/** Files are read at every message, so that a new address needs no restart. */
function credential(file) {
  const path = join(folder, file);
  return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
}

/** @returns why the chat did not take it; nothing where it did. */
async function pass(chat, file, message) {
  const address = credential(file);
  if (address === undefined) return "its address is missing";
  const { url, body } = chats[chat](address, textOf(message), credential(`${file}-secret`));
  const headers = { "content-type": "application/json; charset=utf-8" };
  const signal = AbortSignal.timeout(patience);
  const init = { method: "POST", headers, body: JSON.stringify(body), signal, redirect: "error" };
  const answer = await fetch(url, init);
  if (!answer.ok) return `it answered ${answer.status}`;
  const said = await answer.json();
  const result = chat === "feishu" ? said.code : said.errcode;
  return result === undefined || result === 0 ? undefined : `it answered code ${result}`;
}

async function read(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > largest) throw new Error("the message is too large");
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString("utf8"));
}

const server = createServer(async (request, response) => {
  const [, chat, file] = /^\/([a-z]+)\/([a-z0-9-]+)$/.exec(request.url ?? "") ?? [];
  const end = (status, text) => response.writeHead(status).end(`${text}\n`);
  if (request.method === "GET" && request.url === "/healthy") return end(200, "ok");
  if (request.method !== "POST" || !Object.hasOwn(chats, chat ?? "")) return end(404, "no chat");
  try {
    const problem = await pass(chat, file, await read(request));
    if (problem === undefined) return end(200, "told");
    console.error(`${chat} ${file}: ${problem}`);
    // Alertmanager tries again after a 5xx.
    return end(502, problem);
  } catch (error) {
    // The error's own text may hold the address, which is a secret.
    const reason = error.name === "TimeoutError" ? "no answer in time" : "no connection";
    console.error(`${chat} ${file}: ${reason} (${error.cause?.code ?? error.name})`);
    return end(502, reason);
  }
});
server.listen(Number(port), "127.0.0.1");
process.on("SIGTERM", () => server.close(() => process.exit(0)));
