import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { stateFolder } from "./backend";
import { lockText } from "./lock";

const content = z.object({
  username: z.string(),
  hostname: z.string(),
  pid: z.int(),
  timestamp: z.string(),
});

/**
 * Returns who holds a stack's lock and what to do, if the state is in a folder; undefined if there is no lock. With
 * other backends the engine reports a lock only when it is asked to change something.
 * @param backend URL of the backend, as the engine receives it.
 */
export function heldText(stack: string, backend?: string): string | undefined {
  const state = stateFolder(backend);
  if (state === undefined) return undefined;
  const folder = join(state, ".pulumi", "locks", "organization", "platform", stack);
  if (!existsSync(folder)) return undefined;
  const holders = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => holder(stack, join(folder, file)));
  return lockText(stack, holders.join("\n"));
}

/** Returns the lock in the engine's words; empty if it was released meanwhile. */
function holder(stack: string, file: string): string[] {
  try {
    const { username, hostname, pid, timestamp } = content.parse(
      JSON.parse(readFileSync(file, "utf8")),
    );
    const since = timestamp.replace(/\.\d+/, "");
    return [`created by ${username}@${hostname} (pid ${pid}) at ${since}`];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new Error(
      `${file} is not a readable lock, so no update begins; when none is under way: pulumi cancel --yes --stack ${stack}`,
      { cause: error },
    );
  }
}
