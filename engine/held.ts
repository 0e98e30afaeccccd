import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { stateFolder } from "./backend";
import { isHolder } from "./holder";
import { lockText } from "./lock";

const content = z.object({
  username: z.string(),
  hostname: z.string(),
  pid: z.int(),
  timestamp: z.string(),
});

type Lock = z.infer<typeof content>;

/**
 * Returns who holds a stack's lock and what to do, if the state is in a folder; undefined if there is no lock. With
 * other backends the engine reports a lock only when it is asked to change something.
 * @param backend URL of the backend, as the engine receives it.
 */
export function heldText(stack: string, backend?: string): string | undefined {
  return lockText(stack, locks(stack, backend).map(inWordsOfEngine).join("\n"));
}

/** Whether a stack is locked, and only by processes of this machine that no longer run: its update was killed. */
export function isHeldByEnded(stack: string, backend?: string): boolean {
  const held = locks(stack, backend);
  const ended = ({ hostname: host, pid, timestamp }: Lock) =>
    host === hostname() && !isHolder(pid, new Date(timestamp));
  return held.length > 0 && held.every(ended);
}

function locks(stack: string, backend?: string): Lock[] {
  const state = stateFolder(backend);
  if (state === undefined) return [];
  const folder = join(state, ".pulumi", "locks", "organization", "platform", stack);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => lock(stack, join(folder, file)));
}

/** Returns a lock; empty if it was released meanwhile. */
function lock(stack: string, file: string): Lock[] {
  try {
    return [content.parse(JSON.parse(readFileSync(file, "utf8")))];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new Error(
      `${file} is not a readable lock, so no update begins; if no update is running: pulumi cancel --yes --stack ${stack}`,
      { cause: error },
    );
  }
}

function inWordsOfEngine({ username, hostname, pid, timestamp }: Lock): string {
  return `created by ${username}@${hostname} (pid ${pid}) at ${timestamp.replace(/\.\d+/, "")}`;
}
