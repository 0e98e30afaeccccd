import { imageFacts } from "../../../versions/image-facts";
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
    facts: imageFacts.node,
    layers: [
      shell,
      ...nodeLayers("22.21.1"),
      files({ "/usr/local/bin/docker-entrypoint.sh": nodeEntrypoint }),
    ],
    differs: "on Debian instead of Alpine",
  },
  busybox: {
    facts: imageFacts.busybox,
    layers: [shell],
    differs: "Debian's small tools instead of busybox",
  },
  python: {
    facts: imageFacts.python,
    layers: [shell, debian(["python3-minimal", "python3"])],
    differs: "Debian's Python 3.11",
  },
};
