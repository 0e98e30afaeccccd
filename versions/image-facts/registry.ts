import type { ImageFacts } from "./facts";
import type { ImageName } from "../images";

const source = (folder: string, ...others: string[]) =>
  [`make/photon/${folder}/Dockerfile and Dockerfile.base`, ...others].join(", ") +
  " of goharbor/harbor at tag v2.15.1";

/** Where the start scripts of Harbor's images install additional certificates: install_cert.sh. */
const certificates = "/etc/pki/tls/certs";

const harbor = { user: 10_000, group: 10_000, shell: "/bin/sh" } as const;

/** Facts about the images of Harbor. */
export const registryImageFacts = {
  harborCore: {
    ...harbor,
    entryPoint: ["/harbor/entrypoint.sh"],
    workingDirectory: "/harbor",
    volumes: [],
    writes: ["/harbor", certificates, "/etc/core/token", "/tmp"],
    source: source("core", "make/photon/common/install_cert.sh"),
  },
  harborJobService: {
    ...harbor,
    entryPoint: ["/harbor/entrypoint.sh"],
    workingDirectory: "/harbor",
    volumes: ["/var/log/jobs"],
    writes: ["/harbor", certificates, "/tmp"],
    source: source("jobservice", "make/photon/common/install_cert.sh"),
  },
  harborRegistry: {
    ...harbor,
    entryPoint: ["/home/harbor/entrypoint.sh"],
    volumes: ["/storage"],
    writes: ["/home/harbor", certificates, "/tmp"],
    source: source("registry", "make/photon/common/install_cert.sh"),
  },
  harborRegistryController: {
    ...harbor,
    entryPoint: ["/home/harbor/start.sh"],
    volumes: ["/var/lib/registry"],
    writes: ["/home/harbor", certificates, "/tmp"],
    source: source("registryctl", "make/photon/common/install_cert.sh"),
  },
  harborExporter: {
    ...harbor,
    entryPoint: ["/harbor/entrypoint.sh"],
    workingDirectory: "/harbor",
    volumes: [],
    writes: ["/harbor", certificates],
    source: source("exporter", "make/photon/common/install_cert.sh"),
  },
  harborScanner: {
    ...harbor,
    entryPoint: ["/home/scanner/entrypoint.sh"],
    volumes: [],
    writes: ["/home/scanner", "/home/scanner/.cache", certificates, "/tmp"],
    source: source("trivy-adapter", "make/photon/common/install_cert.sh"),
  },
  harborPortal: {
    user: 10_000,
    group: 10_000,
    entryPoint: [],
    command: ["nginx", "-g", "daemon off;"],
    volumes: ["/var/cache/nginx", "/var/log/nginx", "/run"],
    folders: [
      { path: "/usr/share/nginx/html", owner: [0, 0] },
      { path: "/etc/nginx", owner: [10_000, 10_000] },
    ],
    writes: ["/tmp"],
    shell: "/bin/sh",
    source: source("portal"),
  },
  harborDatabase: {
    user: 999,
    group: 999,
    entryPoint: ["/docker-entrypoint.sh", "14", "15"],
    environment: { PGDATA: "/var/lib/postgresql/data" },
    volumes: ["/var/lib/postgresql/data"],
    folders: [
      { path: "/docker-entrypoint-initdb.d", owner: [999, 999] },
      { path: "/run/postgresql", owner: [999, 999], mode: 0o2777 },
      { path: "/var/lib/postgresql/data", owner: [999, 999], mode: 0o777 },
    ],
    writes: ["/var/lib/postgresql/data", "/run/postgresql", "/tmp", "/dev/shm"],
    shell: "/bin/sh",
    source: source("db", "make/photon/db/docker-entrypoint.sh"),
  },
  harborRedis: {
    user: 999,
    group: 999,
    entryPoint: [],
    command: ["redis-server", "/etc/redis.conf"],
    workingDirectory: "/var/lib/redis",
    volumes: ["/var/lib/redis"],
    folders: [{ path: "/var/lib/redis", owner: [999, 999] }],
    writes: ["/var/lib/redis"],
    shell: "/bin/sh",
    source: source("redis"),
  },
} as const satisfies Partial<Record<ImageName, ImageFacts>>;
