import { imageFacts } from "../../../versions/image-facts";
import type { Assembled } from "../facts";
import { debian, files, program, shell } from "../layers";

const home = imageFacts.filebeat.workingDirectory;

/** Like the official one: options are passed to Filebeat. */
const entrypoint = `#!/bin/sh
set -e
if [ -z "$1" ] || [ "\${1#-}" != "$1" ]; then
  set -- filebeat "$@"
fi
exec "$@"
`;

/** Reads the logs of a node. */
export const filebeat: Record<"filebeat", Assembled> = {
  filebeat: {
    facts: imageFacts.filebeat,
    layers: [
      shell,
      debian(["tini"]),
      program("filebeat", `${home}/filebeat`),
      files({ "/usr/local/bin/docker-entrypoint": entrypoint }),
    ],
    differs: "Filebeat 7.17, the newest version that a registry has",
  },
};
