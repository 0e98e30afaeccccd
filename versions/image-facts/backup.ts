import type { ImageFacts } from "./facts";
import { images, type ImageName } from "../images";

const [nodeVersion = ""] = images.node.tag.split("-");

/** Facts about the images of backups and bootstrap Jobs. They write to folders that their scripts set. */
export const backupImageFacts = {
  node: {
    user: 0,
    group: 0,
    entryPoint: ["docker-entrypoint.sh"],
    command: ["node"],
    environment: { NODE_VERSION: nodeVersion },
    volumes: [],
    folders: [{ path: "/home/node", owner: [1000, 1000] }],
    writes: [],
    shell: "/bin/sh",
    source:
      "github.com/nodejs/docker-node 22/alpine3.22/Dockerfile, commit bf78d7603fbea92cd3652edb3b2edadd6f5a3fe8 (22.21.1): no USER, no VOLUME",
  },
  restic: {
    user: 0,
    group: 0,
    entryPoint: ["/usr/bin/restic"],
    volumes: [],
    // Temporary packs.
    writes: ["/tmp"],
    shell: "/bin/sh",
    source: "github.com/restic/restic docker/Dockerfile, v0.18.1",
  },
  postgres: {
    user: 0,
    group: 0,
    entryPoint: ["docker-entrypoint.sh"],
    command: ["postgres"],
    volumes: ["/var/lib/postgresql"],
    // Only its client programs run here; they write where the script tells them.
    writes: ["/tmp"],
    shell: "/bin/sh",
    source:
      "github.com/docker-library/postgres 18/alpine3.22/Dockerfile, commit 12eb5762e3cf3c44440ed078b59843b5dfbde570",
  },
  etcd: {
    user: 0,
    group: 0,
    entryPoint: [],
    command: ["/usr/local/bin/etcd"],
    workingDirectory: "/var/lib/etcd",
    volumes: [],
    folders: [{ path: "/var/etcd" }, { path: "/var/lib/etcd" }],
    // Only its client programs run here; they write where the script tells them.
    writes: [],
    source:
      "github.com/etcd-io/etcd Dockerfile-release.amd64, commit 1293f5d4b7ba94918e60d07e0b61cec2b35bb7c2: distroless; v3.7.3's own was not available",
  },
} as const satisfies Partial<Record<ImageName, ImageFacts>>;
