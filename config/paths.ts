/** Whether a path contains no `.` or `..`: mounts and directories of nodes cannot have them. */
export function isStraight(path: string): boolean {
  return !path.split("/").some((part) => part === "." || part === "..");
}

/** What is expected where {@link isStraight} is false. */
export const straightPath = "a path without . and .. between its slashes";
