import type { Assembled } from "../facts";
import { debian, files, shell } from "../layers";
import { nodeLayers } from "./node";

/** Like the official one: arguments that are not a command are passed to Node.js. */
const nodeEntrypoint = `#!/bin/sh
set -e
if [ "\${1#-}" != "\${1}" ] || [ -z "$(command -v "\${1}")" ] || { [ -f "\${1}" ] && ! [ -x "\${1}" ]; }; then
  set -- node "$@"
fi
exec "$@"
`;

/** Images that run the platform's scripts. */
export const scripts: Record<"node" | "busybox" | "python", Assembled> = {
  node: {
    facts: {
      entrypoint: ["docker-entrypoint.sh"],
      command: ["node"],
      env: { NODE_VERSION: "22.21.1" },
      folders: [{ path: "/home/node", owner: [1000, 1000] }],
      shell: true,
      source: "nodejs/docker-node, 22/alpine3.22/Dockerfile and docker-entrypoint.sh: no USER",
    },
    layers: [
      shell,
      ...nodeLayers("22.21.1"),
      files({ "/usr/local/bin/docker-entrypoint.sh": nodeEntrypoint }),
    ],
    differs: "on Debian instead of Alpine",
  },
  busybox: {
    facts: {
      command: ["sh"],
      shell: true,
      source: "docker-library/busybox, latest/glibc/amd64: CMD sh, no USER",
    },
    layers: [shell],
    differs: "Debian's small tools instead of busybox",
  },
  python: {
    facts: {
      command: ["python3"],
      env: { LANG: "C.UTF-8" },
      shell: true,
      source: "docker-library/python, 3.13/bookworm/Dockerfile: CMD python3, no USER",
    },
    layers: [shell, debian(["python3-minimal", "python3"])],
    differs: "Debian's Python 3.11",
  },
};
