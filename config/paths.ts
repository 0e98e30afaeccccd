/** Whether a path contains no `.` or `..`: mounts and directories of nodes cannot have them. */
export function isNormalized(path: string): boolean {
  return !path.split("/").some((part) => part === "." || part === "..");
}

/** Expected value in the error if {@link isNormalized} is false. */
export const normalizedPath = "a path without . and .. between its slashes";
