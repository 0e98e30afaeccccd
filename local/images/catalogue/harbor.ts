import type { Assembled } from "../facts";
import { debian, files, shell } from "../layers";
import { nginxLayers } from "./nginx";

const postgres = "/usr/lib/postgresql/15/bin";
const socket = "/run/postgresql";

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
    facts: {
      user: "999:999",
      command: ["redis-server", "/etc/redis.conf"],
      workdir: "/var/lib/redis",
      volumes: ["/var/lib/redis"],
      folders: [{ path: "/var/lib/redis", owner: [999, 999] }],
      shell: true,
      source:
        "goharbor/harbor v2.15.1, make/photon/redis/Dockerfile: USER redis (999), VOLUME and WORKDIR /var/lib/redis",
    },
    layers: [shell, debian(["redis-server"])],
    differs: "Debian's Redis 7.0 instead of Valkey",
  },
  harborPortal: {
    facts: {
      user: "10000:10000",
      entrypoint: ["nginx", "-g", "daemon off;"],
      workdir: "/usr/share/nginx/html",
      volumes: ["/var/cache/nginx", "/var/log/nginx", "/run"],
      folders: ["/var/cache/nginx", "/var/log/nginx", "/run"].map((path) => ({
        path,
        owner: [10000, 10000],
      })),
      shell: true,
      source:
        "goharbor/harbor v2.15.1, make/photon/portal/Dockerfile: USER nginx (10000), VOLUME /var/cache/nginx /var/log/nginx /run",
    },
    layers: [shell, ...nginxLayers({ "/usr/share/nginx/html/index.html": "Harbor\n" })],
    differs: "Debian's nginx 1.22, and a page instead of Harbor's",
  },
  harborDatabase: {
    facts: {
      user: "999:999",
      entrypoint: ["/docker-entrypoint.sh"],
      env: { PGDATA: "/var/lib/postgresql/data" },
      volumes: ["/var/lib/postgresql/data"],
      folders: [
        { path: "/var/lib/postgresql/data", owner: [999, 999], mode: 0o700 },
        { path: socket, owner: [999, 999], mode: 0o775 },
      ],
      shell: true,
      source:
        "goharbor/harbor v2.15.1, make/photon/db/Dockerfile: USER postgres (999), VOLUME /var/lib/postgresql/data, ENTRYPOINT /docker-entrypoint.sh, HEALTHCHECK /docker-healthcheck.sh",
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
