import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Receiver } from "../../config/notifications";
import { reasonOf } from "../../config/reason";
import { jsonOr } from "../../engine/json";
import { replaceFile } from "../../local/toolchain/replace-file";
import type { ReleaseEvent } from "./event";
import { messageFor, refusalIn } from "./messages";

/** Timeout for all receivers together, milliseconds: a release waits for them. */
const timeoutMs = 5000;
/** Maximum number of stored keys of a stack. */
const maxKeys = 2000;

/** Where keys are stored, and the receivers' URLs. */
export interface Sending {
  receivers: readonly Receiver[];
  environment: NodeJS.ProcessEnv;
  /** Folder of the keys of events that were already sent. */
  folder: string;
  now?: () => number;
  timeoutMs?: number;
}

/**
 * Sends events to receivers, each at most once: a failed attempt is not repeated.
 * @returns the failures, a sentence each, without URLs. Never throws: a receiver that is down must not
 * fail a release.
 */
export async function notify(events: readonly ReleaseEvent[], sending: Sending): Promise<string[]> {
  const { receivers } = sending;
  if (receivers.length === 0 || events.length === 0) return [];
  try {
    const fresh = unsent(events, sending.folder);
    const signal = AbortSignal.timeout(sending.timeoutMs ?? timeoutMs);
    // To one receiver in order; to several receivers at the same time.
    const answers = receivers.map(async (receiver, index) => {
      const problems: string[] = [];
      for (const event of fresh.filter((each) => concerns(receiver, each))) {
        const problem = await send(receiver, event, sending, signal);
        const title = `platform:notifications[${index}] (${receiver.type})`;
        if (problem !== undefined)
          problems.push(`${title} did not get "${event.text}": ${problem}`);
      }
      return problems;
    });
    return (await Promise.all(answers)).flat();
  } catch (error) {
    return [`events were not sent: ${reasonOf(error)}`];
  }
}

function concerns({ events, teams }: Receiver, { kind, team }: ReleaseEvent): boolean {
  const wanted = events === undefined || events.includes(kind);
  return wanted && (teams === undefined || (team !== undefined && teams.includes(team)));
}

async function send(
  receiver: Receiver,
  event: ReleaseEvent,
  { environment, now = Date.now }: Sending,
  signal: AbortSignal,
): Promise<string | undefined> {
  const url = environment[receiver.url.variable] ?? "";
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    return `expected an HTTP address in ${receiver.url.variable}, got ${url === "" ? "none" : "something else"}`;
  }
  const named = "secret" in receiver ? receiver.secret?.variable : undefined;
  const secret = named === undefined ? undefined : environment[named];
  if (named !== undefined && !secret) return `expected a secret in ${named}, got none`;
  const { body, headers, url: address } = messageFor(receiver.type, event, { url, secret }, now());
  try {
    const init = { method: "POST", headers, body, signal, redirect: "error" } as const;
    const answer = await fetch(address, init);
    return refusalIn(receiver.type, answer.status, jsonOr(undefined, await answer.text()));
  } catch (error) {
    // Only the message of the cause: that of the error itself may contain the URL.
    const cause =
      error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
    return signal.aborted
      ? "it did not answer in time"
      : `no connection (${cause?.code ?? "refused"})`;
  }
}

const keys = z.array(z.string());

/** Returns the events that were not sent yet, and stores their keys before any is sent. */
function unsent(events: readonly ReleaseEvent[], folder: string): ReleaseEvent[] {
  mkdirSync(folder, { recursive: true });
  const byStack = new Map<string, ReleaseEvent[]>();
  const each = new Map(events.map((event) => [event.key, event]));
  for (const event of each.values())
    byStack.set(event.stack, [...(byStack.get(event.stack) ?? []), event]);
  return [...byStack].flatMap(([stack, all]) => {
    const file = join(folder, `${stack}.json`);
    const text = existsSync(file) ? readFileSync(file, "utf8") : "[]";
    const parsed = keys.safeParse(jsonOr([], text));
    const known = parsed.success ? parsed.data : [];
    const fresh = all.filter(({ key }) => !known.includes(key));
    const kept = [...fresh.map(({ key }) => key), ...known].slice(0, maxKeys);
    if (fresh.length > 0) replaceFile(file, `${JSON.stringify(kept)}\n`);
    return fresh;
  });
}
