import { processFiles } from "./cgroups";

/**
 * Returns the arguments of `sh` that run a command in a control group and in its own namespaces. The process
 * joins the group before it starts anything.
 */
export function inNamespaces(cgroup: string, command: readonly string[]): string[] {
  const joins = processFiles(cgroup).map((file) => `echo $$ > ${file}`);
  const namespaces = ["--mount", "--pid", "--net", "--uts", "--ipc"].join(" ");
  return [
    "-c",
    `${joins.join(" && ")} && exec unshare ${namespaces} --fork --kill-child "$@"`,
    "machine",
    ...command,
  ];
}
