import assert from "node:assert/strict";
import { at, type Declared } from "../../../support/declare";
import { backup, pod, steps, environment, last } from "./declared";

/** Returns the files of a CronJob's scripts, by their paths in the containers' folder. */
function files(declared: Declared, system: string): Record<string, string> {
  const volume = pod(declared, system).volumes.find(({ name }) => name === "scripts")?.configMap;
  assert.ok(volume);
  const data = declared.object("ConfigMap", volume.name)["data"] as Record<string, string>;
  return Object.fromEntries(volume.items.map(({ key, path }) => [path, data[key] ?? ""]));
}

describe("Backup of each system", () => {
  let all: Declared;
  before(async () => {
    all = await backup();
  });

  for (const [system, claim, user] of [
    ["jenkins", "home-jenkins-0", 1000],
    ["nexus", "data-nexus-0", 200],
    ["grafana", "grafana", 472],
  ] as const) {
    it(`reads ${system}'s volume as its user, on its node, and cannot write to it`, () => {
      const spec = pod(all, system);
      const source = spec.volumes.find(({ name }) => name === "source");
      assert.equal(source?.persistentVolumeClaim?.claimName, claim);
      assert.equal(spec.securityContext.runAsUser, user);
      const [term] = spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution;
      assert.equal(term?.topologyKey, "kubernetes.io/hostname");
      assert.equal(term?.labelSelector?.matchLabels?.["app.kubernetes.io/name"], system);
      const mounts = steps(all, system).flatMap(({ volumeMounts }) => volumeMounts);
      const own = mounts.filter(({ name }) => name === "source");
      assert.ok(own.length > 0 && own.every(({ readOnly }) => readOnly));
    });
  }

  it("omits from Jenkins' home what builds create again, but never its keys", () => {
    const { excludes = "" } = files(all, "jenkins");
    const lines = excludes.trim().split("\n");
    for (const folder of ["workspace", "caches", "plugins"]) {
      assert.ok(lines.includes(`/source/${folder}`));
    }
    assert.ok(!lines.some((line) => /secrets|jobs|users|nodes/.test(line)));
    assert.match(last(all, "jenkins")["BACKUP_REQUIRED"] ?? "", /secrets\/master\.key/);
  });

  it("dumps Harbor's database first, and saves it with its encryption key", () => {
    const [dump, save] = steps(all, "harbor");
    assert.deepEqual(dump?.command, ["sh", "/scripts/backup/scripts/postgres.sh"]);
    const { PGHOST, PGPORT, PGDATABASE, PGSSLMODE, PGSSLROOTCERT, DATABASE_SECRETS } = environment(
      dump!,
    );
    assert.deepEqual(
      [PGHOST, PGPORT, PGDATABASE, PGSSLMODE],
      ["harbor-database", "5432", "registry", "disable"],
    );
    assert.equal(PGSSLROOTCERT, undefined);
    const login = pod(all, "harbor").volumes.find(({ name }) => name === "login");
    assert.deepEqual(
      login?.projected?.sources.map(({ secret }) => [secret?.name, secret?.items]),
      [
        ["harbor-database", [{ key: "username", path: "username" }]],
        ["harbor-database", [{ key: "password", path: "password" }]],
      ],
    );
    assert.ok(dump?.volumeMounts.some(({ mountPath }) => mountPath === DATABASE_SECRETS));
    const { BACKUP_PATHS, BACKUP_REQUIRED } = environment(save!);
    assert.equal(BACKUP_PATHS, "/staging /keys");
    assert.equal(BACKUP_REQUIRED, "/staging/database.dump /keys/harbor-core/secret-key");
  });

  it("verifies the certificate of an external database if its mode requires it", () => {
    const [dump] = steps(all, "nexus");
    const { PGHOST, PGSSLMODE, PGSSLROOTCERT } = environment(dump!);
    assert.deepEqual([PGHOST, PGSSLMODE], ["postgres.example.com", "verify-full"]);
    assert.match(PGSSLROOTCERT ?? "", /ca-certificates/);
  });

  it("saves Nexus's database before its artifacts, never one without the other", () => {
    assert.deepEqual(
      steps(all, "nexus").map(({ name }) => name),
      ["dump", "save"],
    );
    const { BACKUP_PATHS, BACKUP_REQUIRED } = last(all, "nexus");
    assert.equal(BACKUP_PATHS, "/source /keys /staging");
    assert.equal(BACKUP_REQUIRED, "/staging/database.dump /keys/nexus-server/keys.json");
    assert.match(files(all, "nexus")["excludes"] ?? "", /^\/source\/db$/m);
  });

  it("lets Nexus dump an embedded database itself, and never copies its files", async () => {
    const declared = await backup({ parts: { artifacts: { database: { type: "h2" } } } });
    const [dump] = steps(declared, "nexus");
    assert.deepEqual(dump?.command, ["node", "/scripts/backup/scripts/nexus-h2.mjs"]);
    const all = files(declared, "nexus");
    const { url, user, folder } = JSON.parse(all["nexus.json"] ?? "{}") as Record<string, unknown>;
    assert.deepEqual({ url, user }, { url: "http://nexus", user: "admin" });
    assert.deepEqual(folder, { name: "backup", path: "/source/backup" });
    assert.match(all["excludes"] ?? "", /^\/source\/db$/m);
    assert.ok(all["shared/bootstrap/api.mjs"], "what the script imports is next to it");
    const [, save] = steps(declared, "nexus");
    assert.ok(save?.volumeMounts.find(({ name }) => name === "source")?.readOnly);
  });

  it("copies Grafana's database as a database, and saves the copy", () => {
    const [copy] = steps(all, "grafana");
    assert.deepEqual(copy?.command, ["python3", "/scripts/backup/scripts/sqlite.py"]);
    const { SQLITE_SOURCE, SQLITE_COPY } = environment(copy!);
    assert.deepEqual([SQLITE_SOURCE, SQLITE_COPY], ["/source/grafana.db", "/staging/grafana.db"]);
    assert.equal(last(all, "grafana")["BACKUP_PATHS"], "/staging /keys");
  });

  it("asks one member of etcd for a snapshot, and verifies it before it is saved", () => {
    const [snapshot, verify, save] = steps(all, "etcd");
    assert.equal(snapshot?.command[0], "etcdctl");
    assert.ok(snapshot?.command.includes("--endpoints=https://10.0.0.1:2379"));
    assert.equal(verify?.command[0], "etcdutl");
    assert.ok(verify?.command.includes("/staging/etcd.db"));
    assert.equal(environment(save!)["BACKUP_REQUIRED"], "/staging/etcd.db");
    const login = pod(all, "etcd").volumes.find(({ name }) => name === "login");
    assert.equal(login?.secret?.secretName, "etcd-client");
  });

  it("requests a backup from GitLab's server, and saves it with its keys or not at all", () => {
    const [fetch, save] = steps(all, "gitlab");
    assert.deepEqual(fetch?.command, ["sh", "/scripts/backup/scripts/gitlab.sh"]);
    const { GITLAB_HOST, GITLAB_PORT, GITLAB_USER, GITLAB_SECRETS, GITLAB_FOLDER } = environment(
      fetch!,
    );
    assert.deepEqual(
      [GITLAB_HOST, GITLAB_PORT, GITLAB_USER],
      ["git.example.com", "2222", "backup"],
    );
    const mounts = fetch!.volumeMounts.map(({ mountPath, readOnly }) => [mountPath, readOnly]);
    assert.deepEqual(
      mounts.filter(([path]) => path === GITLAB_SECRETS || path === GITLAB_FOLDER),
      [
        ["/staging", false],
        ["/run/secrets/login", true],
      ],
    );
    const login = pod(all, "gitlab").volumes.find(({ name }) => name === "login");
    assert.deepEqual(
      login?.projected?.sources.map(({ secret }) => [secret?.name, secret?.items]),
      [
        ["gitlab-backup", [{ key: "ssh-privatekey", path: "ssh-privatekey" }]],
        ["gitlab-backup", [{ key: "known_hosts", path: "known_hosts" }]],
      ],
    );
    const { BACKUP_PATHS, BACKUP_REQUIRED } = environment(save!);
    assert.equal(BACKUP_PATHS, "/staging");
    assert.equal(BACKUP_REQUIRED, "/staging/gitlab_backup.tar /staging/gitlab-secrets.json");
    assert.ok(!save!.volumeMounts.some(({ mountPath }) => mountPath === GITLAB_SECRETS));
    const rules = at(all.object("NetworkPolicy", "backup-gitlab"), "spec.egress") as {
      ports?: { port: number }[];
    }[];
    const ports = rules.flatMap(({ ports = [] }) => ports.map(({ port }) => port));
    assert.deepEqual(
      [443, 2222].filter((port) => !ports.includes(port)),
      [],
    );
  });

  it("sets where and how long Elasticsearch keeps its snapshots", () => {
    const text = files(all, "elasticsearch")["elasticsearch.json"] ?? "{}";
    const settings = JSON.parse(text) as Record<string, never>;
    assert.equal(settings["url"], "https://elasticsearch.logging.svc:9200");
    assert.deepEqual(at(settings, "repository.body"), {
      type: "s3",
      settings: {
        bucket: "backups",
        base_path: "online/elasticsearch",
        client: "default",
        endpoint: "https://s3.example.com/",
        region: "us-east-1",
        path_style_access: "true",
      },
    });
    assert.deepEqual(at(settings, "policy.body.retention"), {
      expire_after: "14d",
      min_count: 10,
    });
    const login = pod(all, "elasticsearch").volumes.find(({ name }) => name === "login");
    assert.deepEqual(
      login?.projected?.sources.map(({ secret }) => [secret?.name, secret?.items]),
      [
        ["elasticsearch", [{ key: "elastic", path: "password" }]],
        ["logging-tls", [{ key: "ca.crt", path: "ca.crt" }]],
      ],
    );
  });
});
