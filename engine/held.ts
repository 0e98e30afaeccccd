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
 * Who holds a stack's lock and what to do, where the state is in a folder; nothing when nobody does.
 * Of other backends the engine tells when it is asked to change something, and no sooner.
 * @param backend address of the backend, as the engine is told it.
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

/** A lock in the engine's own words; nothing for one that was let go of meanwhile. */
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
      `${file} is no lock that can be read, so no update begins; when none is under way: pulumi cancel --yes --stack ${stack}`,
      { cause: error },
    );
  }
}
