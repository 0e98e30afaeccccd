import { imageFacts } from "../../../versions/image-facts";
import type { Assembled } from "../facts";
import { files, program, shell } from "../layers";

/** Like the official one: options and names of Traefik's commands are passed to Traefik. */
const entrypoint = `#!/bin/sh
set -e
if [ "\${1#-}" != "$1" ] || traefik "$1" --help >/dev/null 2>&1; then
  set -- traefik "$@"
fi
exec "$@"
`;

/** The gateway. */
export const traefik: Record<"traefik", Assembled> = {
  traefik: {
    facts: imageFacts.traefik,
    layers: [
      shell,
      program("traefik", "/usr/local/bin/traefik"),
      files({ "/entrypoint.sh": entrypoint }),
    ],
  },
};
