import type { Assembled } from "../facts";
import { files, program, shell } from "../layers";

const home = "/usr/share/filebeat";

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
    facts: {
      user: "1000:1000",
      entrypoint: ["/usr/local/bin/docker-entrypoint"],
      command: ["-environment", "container"],
      workdir: home,
      env: { PATH: `${home}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin` },
      folders: [
        { path: `${home}/data`, owner: [0, 0], mode: 0o775 },
        { path: `${home}/logs`, owner: [0, 0], mode: 0o775 },
      ],
      shell: true,
      source:
        "elastic/beats v9.5.2, dev-tools/packaging/templates/docker/Dockerfile.tmpl and docker-entrypoint.tmpl: USER filebeat (1000), WORKDIR /usr/share/filebeat",
    },
    layers: [
      shell,
      program("filebeat", `${home}/filebeat`),
      files({ "/usr/local/bin/docker-entrypoint": entrypoint }),
    ],
    differs: "Filebeat 7.17, the newest version that a registry has",
  },
};
