import { imageFacts, type Folder } from "../../../versions/image-facts";
import type { Assembled } from "../facts";
import { debian, files, shell } from "../layers";
import { nginxLayers } from "./nginx";

const postgres = "/usr/lib/postgresql/15/bin";
const socket = "/run/postgresql";
const data = "/var/lib/postgresql/data";

/** Creates the database at the first start, like the official script, and then runs the server. */
const startDatabase = `#!/bin/sh
set -eu
export PATH="${postgres}:$PATH"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  printf '%s' "$POSTGRES_PASSWORD" >/tmp/password
  initdb --pgdata "$PGDATA" --username postgres --pwfile /tmp/password --encoding UTF8 --no-locale --auth md5
  rm /tmp/password
  echo "host all all all md5" >>"$PGDATA/pg_hba.conf"
  echo "CREATE DATABASE registry" | postgres --single -D "$PGDATA" postgres
fi
exec postgres -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=${socket}
`;

const isHealthy = `#!/bin/sh
exec ${postgres}/pg_isready --quiet --host 127.0.0.1
`;

type Part = "harborRedis" | "harborPortal" | "harborDatabase";

/** Parts of Harbor whose programs Debian has. Harbor's own programs are in no package registry. */
export const harbor: Record<Part, Assembled> = {
  harborRedis: {
    facts: imageFacts.harborRedis,
    layers: [shell, debian(["redis-server"])],
    differs: "Debian's Redis 7.0 instead of Valkey",
  },
  harborPortal: {
    facts: {
      ...imageFacts.harborPortal,
      folders: [
        ...imageFacts.harborPortal.folders,
        ...imageFacts.harborPortal.volumes.map((path): Folder => ({
          path,
          owner: [10_000, 10_000],
        })),
      ],
    },
    otherFacts: { folders: "Debian's nginx writes to the folders of all VOLUMEs" },
    layers: [shell, ...nginxLayers({ "/usr/share/nginx/html/index.html": "Harbor\n" })],
    differs: "Debian's nginx 1.22, and a page instead of Harbor's",
  },
  harborDatabase: {
    facts: {
      ...imageFacts.harborDatabase,
      folders: imageFacts.harborDatabase.folders.map((folder) =>
        folder.path === data ? { ...folder, mode: 0o700 } : folder,
      ),
    },
    otherFacts: {
      folders: `the script keeps the database in ${data} itself, and the server refuses a folder that others may open`,
    },
    layers: [
      shell,
      debian(["postgresql-15"]),
      files({
        "/docker-entrypoint.sh": startDatabase,
        "/docker-healthcheck.sh": isHealthy,
      }),
    ],
    differs: "Debian's PostgreSQL 15, started by a script of the project's own",
  },
};
