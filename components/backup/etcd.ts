import type { EtcdSource } from "./sources";
import type { FileBackup } from "./system";
import { nobody, folders, mount, stagingVolume } from "./volumes";

/** Returns how etcd is backed up: with a snapshot that it makes itself. */
export function etcdOf({ namespace, endpoint, secret }: EtcdSource, staging: string): FileBackup {
  const file = `${folders.staging}/etcd.db`;
  const certificates = folders.login;
  const [snapshot, verify] = etcdCommands({ endpoint, certificates, file });
  const login = mount("login", certificates);
  const dumps = mount("staging", folders.staging, false);
  return {
    system: "etcd",
    namespace,
    user: nobody,
    steps: [
      { name: "snapshot", image: "etcd", command: snapshot, mounts: [login, dumps] },
      { name: "verify", image: "etcd", command: verify, mounts: [dumps] },
    ],
    scripts: [],
    volumes: [
      stagingVolume(staging),
      { name: "login", secret: { secretName: secret, defaultMode: 0o440 } },
    ],
    mounts: [mount("staging", folders.staging)],
    paths: [folders.staging],
    required: [file],
    excludes: [],
  };
}

/** Returns the commands that make a snapshot of etcd and verify its checksum. Its image has no shell. */
export function etcdCommands(args: {
  endpoint: string;
  /** Folder with `ca.crt`, `tls.crt` and `tls.key`. Default: none, for a member without TLS. */
  certificates?: string;
  file: string;
}): [snapshot: string[], verify: string[]] {
  const { endpoint, certificates, file } = args;
  const tls =
    certificates === undefined
      ? []
      : [
          `--cacert=${certificates}/ca.crt`,
          `--cert=${certificates}/tls.crt`,
          `--key=${certificates}/tls.key`,
        ];
  return [
    ["etcdctl", `--endpoints=${endpoint}`, ...tls, "snapshot", "save", file],
    ["etcdutl", "snapshot", "status", file, "--write-out=table"],
  ];
}
