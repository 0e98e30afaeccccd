import { cp, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { imageFacts } from "../../../versions/image-facts";
import { elasticsearchHome, elasticsearchKey, nodeFlags } from "../../toolchain/elasticsearch";
import type { Assembled, Layer } from "../facts";
import { debian, files, shell } from "../layers";
import { ownJavaLayer } from "./java";

const home = imageFacts.elasticsearch.workingDirectory;
const java = `${home}/jdk`;
const flags = nodeFlags(home).join(" ");

/** Like the official one: `eswrapper` starts the server, anything else is a command. */
const entrypoint = `#!/bin/sh
set -eu
if [ "\${1:-eswrapper}" != eswrapper ]; then
  exec "$@"
fi
# The bundled options of the distribution that matter in a container.
exec ${java}/bin/java \${ES_JAVA_OPTS:--Xmx512m} -XX:+ExitOnOutOfMemoryError -Djava.io.tmpdir=/tmp ${flags} \\
  StartNode ${home} "\${ES_PATH_CONF:-${home}/config}" behind-front
`;

const keystore = `#!/bin/sh
exec ${java}/bin/java -Xmx64m ${flags} Keystore "\${ES_PATH_CONF:-${home}/config}" "$@"
`;

const server: Layer = {
  key: JSON.stringify(["elasticsearch", home, elasticsearchKey()]),
  make: async (folder) => {
    const target = join(folder, home);
    await mkdir(dirname(target), { recursive: true });
    await cp(await elasticsearchHome(), target, { recursive: true });
    await rm(join(target, "natives"), { recursive: true });
  },
};

/** Stores log lines. */
export const elasticsearch: Record<"elasticsearch", Assembled> = {
  elasticsearch: {
    facts: imageFacts.elasticsearch,
    layers: [
      shell,
      debian(["tini", "curl", "libzstd1"], {
        [`${home}/natives/libzstd.so`]: "/usr/lib/x86_64-linux-gnu/libzstd.so.1",
      }),
      ownJavaLayer(java, 21),
      server,
      files({
        "/usr/local/bin/docker-entrypoint.sh": entrypoint,
        [`${home}/bin/elasticsearch-keystore`]: keystore,
        [`${home}/config/elasticsearch.yml`]:
          'cluster.name: "docker-cluster"\nnetwork.host: 0.0.0.0\n',
      }),
    ],
    differs:
      "the server of that version from its jars, without its modules: a program of the project's own does TLS, logins and users at port 9200, and compares a request's action with the roles of its user; lifecycle and snapshot policies are stored, but nothing acts on them; nodes speak to each other without TLS",
  },
};
