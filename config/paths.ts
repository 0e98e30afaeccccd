/** Whether a path only goes down: mounts and directories of machines may not have `..` in them. */
export function isStraight(path: string): boolean {
  return !path.split("/").some((part) => part === "." || part === "..");
}

/** What is expected where {@link isStraight} is false. */
export const straightPath = "a path without . and .. between its slashes";
