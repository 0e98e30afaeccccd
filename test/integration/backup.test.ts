import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { etcdCommands } from "../../components/backup/etcd";
import { repositoryAddress } from "../../components/backup/repository";
import { awsCredentials } from "../../components/shared/bucket";
import { binary, toolFolder } from "../../local/toolchain/install";
import { tools } from "../../local/toolchain/tools";
import {
  done,
  ended,
  freePort,
  postgresFolder,
  PostgresServer,
  script,
  sharedFolder,
  type Ended,
} from "../support/backup";
import { SmallS3 } from "../support/s3";

const restic = dirname(binary("restic"));
const postgres = postgresFolder();

/** Skips a suite with the reason if a program is missing. */
function describeWith(title: string, needed: (string | Error)[], body: () => void): void {
  const missing = needed.find((folder) => folder instanceof Error);
  if (missing === undefined) describe(title, body);
  else describe.skip(`${title} (skipped: ${missing.message})`, body);
}

/** A repository in a temporary folder, and the environment of the job that writes to it. */
class Place {
  readonly folder = sharedFolder();
  readonly source = join(this.folder, "source");
  readonly environment: Record<string, string>;

  constructor(name: string) {
    mkdirSync(this.source);
    this.write("password", "an encryption key of this test");
    this.write("excludes", `${this.source}/workspace\n`);
    this.environment = {
      PATH: [restic, process.env["PATH"] ?? ""].join(delimiter),
      RESTIC_REPOSITORY: join(this.folder, "repository"),
      RESTIC_PASSWORD_FILE: join(this.folder, "password"),
      RESTIC_CACHE_DIR: join(this.folder, "cache"),
      BACKUP_NAME: name,
      BACKUP_PATHS: this.source,
      BACKUP_REQUIRED: join(this.source, "config.xml"),
      BACKUP_EXCLUDES: join(this.folder, "excludes"),
      KEEP_LAST: "2",
      KEEP_DAILY: "3",
      KEEP_WEEKLY: "0",
      KEEP_MONTHLY: "2",
    };
  }

  write(file: string, text: string): void {
    const path = join(this.folder, file);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
  }

  save(changes: Record<string, string> = {}): Promise<Ended> {
    return ended("sh", [script("save.sh")], { ...this.environment, ...changes });
  }

  restic(...args: string[]): Promise<string> {
    return done("restic", args, this.environment);
  }

  async snapshots(): Promise<{ time: string; hostname: string }[]> {
    const text = await this.restic("snapshots", "--json");
    return JSON.parse(text.slice(text.indexOf("["))) as { time: string; hostname: string }[];
  }

  /**
   * Restores the latest backup.
   * @returns the folder that contains the restored `/`.
   */
  async restore(): Promise<string> {
    const target = join(this.folder, "restored");
    await this.restic("restore", "latest", "--target", target);
    return target;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe("saving and restoring files", () => {
  let place: Place;
  beforeEach(() => {
    place = new Place("jenkins");
    place.write("source/config.xml", "<hudson/>");
    place.write("source/jobs/shop/config.xml", "<project/>");
    place.write("source/workspace/shop/large.bin", "made again by the next build");
  });
  afterEach(() => place.remove());

  it("makes the repository, saves all but what is left out, and gives it back", async () => {
    const { code, output } = await place.save();
    assert.equal(code, 0, output);
    const restored = join(await place.restore(), place.source);
    assert.equal(readFileSync(join(restored, "jobs/shop/config.xml"), "utf8"), "<project/>");
    assert.ok(!existsSync(join(restored, "workspace")));
  });

  it("encrypts: no text of the files is in the repository", async () => {
    await place.save();
    const found = await ended("grep", [
      "-r",
      "<project/>",
      place.environment["RESTIC_REPOSITORY"]!,
    ]);
    assert.equal(found.code, 1, found.output);
  });

  it("deletes what is no longer kept, and nothing else", async () => {
    await place.save();
    const times = [
      "2026-01-05 03:00:00", // Monthly: the last existing one of January.
      "2026-02-01 03:00:00", // Of February, but not the last.
      "2026-02-20 03:00:00", // The last of February, but older than the two most recent months.
      "2026-03-09 03:00:00", // Daily and monthly.
      "2026-03-10 01:00:00", // The same day has a later one.
      "2026-03-10 03:00:00", // Daily.
    ];
    for (const time of times) {
      await place.restic("backup", "--host", "jenkins", "--time", time, place.source);
    }
    await place.restic("backup", "--host", "another", "--time", times[0]!, place.source);
    const before = await place.snapshots();
    assert.equal(before.length, 8);
    const { code, output } = await place.save();
    assert.equal(code, 0, output);
    const left = (await place.snapshots()).filter(({ hostname }) => hostname === "jenkins");
    const days = left.map(({ time }) => time.slice(0, 13)).filter((time) => time < "2026-06");
    // The last two are both of today, which counts as one day; two more days; the months of today and March.
    assert.deepEqual(days.sort(), ["2026-03-09T03", "2026-03-10T03"]);
    assert.equal(left.length, 4);
    const others = (await place.snapshots()).filter(({ hostname }) => hostname === "another");
    assert.equal(others.length, 1, "another system's backups are not this one's to delete");
  });

  it("saves nothing from an empty volume, and deletes nothing then", async () => {
    await place.save();
    rmSync(place.source, { recursive: true });
    mkdirSync(place.source);
    const { code, output } = await place.save({ KEEP_LAST: "1" });
    assert.equal(code, 1);
    assert.match(output, /config\.xml is missing or empty: nothing is saved/);
    assert.equal((await place.snapshots()).length, 1);
  });

  it("fails with another encryption key, and leaves the repository alone", async () => {
    await place.save();
    place.write("other", "not the encryption key");
    const { code } = await place.save({ RESTIC_PASSWORD_FILE: join(place.folder, "other") });
    assert.notEqual(code, 0);
    assert.equal((await place.snapshots()).length, 1);
  });

  it("fails when a file cannot be uploaded, and deletes nothing then", async () => {
    for (let run = 0; run < 2; run++) assert.equal((await place.save()).code, 0);
    // A disk on which locks can be written, but only a few kilobytes of data.
    writeFileSync(join(place.source, "new.bin"), randomBytes(1_000_000));
    const small = `ulimit -f 16; exec sh ${script("save.sh")}`;
    const failed = await ended("sh", ["-c", small], { ...place.environment, KEEP_LAST: "1" });
    assert.notEqual(failed.code, 0);
    assert.doesNotMatch(
      failed.output,
      /snapshot \w+ saved|Applying Policy|remove \d+ snapshots/,
      failed.output,
    );
    assert.equal((await place.snapshots()).length, 2);
  });
});

describe("a bucket", () => {
  let bucket: SmallS3;
  let place: Place;
  let address: string;
  before(async () => {
    bucket = new SmallS3("backups", "KEY-OF-THE-FILE");
    address = await bucket.start();
    place = new Place("jenkins");
    place.write("source/config.xml", "<hudson/>");
    place.write("credentials", awsCredentials("KEY-OF-THE-FILE", "secret-of-the-file"));
    const repository = { endpoint: address, bucket: "backups", region: "us-east-1" };
    Object.assign(place.environment, {
      RESTIC_REPOSITORY: repositoryAddress(repository, "dev", "jenkins"),
      AWS_SHARED_CREDENTIALS_FILE: join(place.folder, "credentials"),
      AWS_DEFAULT_REGION: repository.region,
    });
  });
  after(() => {
    bucket.stop();
    place.remove();
  });

  it("takes the backup by the keys of the mounted file, into the system's folder, and gives it back", async () => {
    const { code, output } = await place.save();
    assert.equal(code, 0, output);
    const keys = [...bucket.objects.keys()];
    assert.ok(keys.includes("dev/jenkins/config"));
    assert.ok(keys.every((key) => key.startsWith("dev/jenkins/")));
    const restored = join(await place.restore(), place.source);
    assert.equal(readFileSync(join(restored, "config.xml"), "utf8"), "<hudson/>");
  });

  it("makes the job fail when it refuses the keys, and keeps them out of the log", async () => {
    place.write("wrong", awsCredentials("ANOTHER-KEY", "secret-of-the-file"));
    const before = bucket.objects.size;
    const { code, output } = await place.save({
      AWS_SHARED_CREDENTIALS_FILE: join(place.folder, "wrong"),
    });
    assert.equal(code, 1, output);
    assert.match(output, /Access ?Denied/);
    assert.doesNotMatch(output, /secret-of-the-file|encryption key of this test/);
    assert.equal(bucket.objects.size, before);
  });
});

describeWith("a PostgreSQL database", [postgres], () => {
  let place: Place;
  let server: PostgresServer;
  before(async function () {
    this.timeout(60_000);
    place = new Place("harbor");
    server = new PostgresServer(String(postgres), join(place.folder, "server"), await freePort());
    await server.start();
    await server.sql("CREATE DATABASE registry");
    await server.sql(
      "CREATE TABLE project (id serial PRIMARY KEY, name text); INSERT INTO project (name) VALUES ('template'), ('shop.example.com')",
      "registry",
    );
    place.write("login/username", "postgres");
    place.write("login/password", server.password);
  });
  after(async () => {
    await server.stop();
    place.remove();
  });

  function dump(changes: Record<string, string> = {}): Promise<Ended> {
    mkdirSync(join(place.folder, "staging"), { recursive: true });
    return ended("sh", [script("postgres.sh")], {
      PATH: [String(postgres), process.env["PATH"] ?? ""].join(delimiter),
      PGHOST: "127.0.0.1",
      PGPORT: String(server.port),
      PGDATABASE: "registry",
      PGSSLMODE: "disable",
      DATABASE_SECRETS: join(place.folder, "login"),
      DATABASE_DUMP: join(place.folder, "staging/database.dump"),
      ...changes,
    });
  }

  it("comes back as it was, from the repository, after it was dropped", async () => {
    const { code, output } = await dump();
    assert.equal(code, 0, output);
    assert.match(output, /Database registry dumped: \d+ bytes/);
    const staging = join(place.folder, "staging");
    const saved = await place.save({
      BACKUP_PATHS: staging,
      BACKUP_REQUIRED: join(staging, "database.dump"),
    });
    assert.equal(saved.code, 0, saved.output);
    await server.sql("DROP DATABASE registry");
    await server.sql("CREATE DATABASE registry");
    await server.restore(join(await place.restore(), staging, "database.dump"), "registry");
    const rows = await server.sql("SELECT id, name FROM project ORDER BY id", "registry");
    assert.equal(rows.trim(), "1|template\n2|shop.example.com");
    const next = await server.sql(
      "INSERT INTO project (name) VALUES ('news.example.com') RETURNING id",
      "registry",
    );
    assert.match(next, /^3\n/, "the sequence goes on where it was");
  });

  it("fails with a wrong password, for a database that is not there, and says no secret", async () => {
    place.write("wrong/username", "postgres");
    place.write("wrong/password", "not-the-password");
    const refused = await dump({ DATABASE_SECRETS: join(place.folder, "wrong") });
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /password authentication failed/);
    assert.doesNotMatch(refused.output, /not-the-password/);
    assert.notEqual((await dump({ PGDATABASE: "nowhere" })).code, 0);
  });
});

describe("an SQLite database in use", () => {
  const folder = sharedFolder();
  const source = join(folder, "grafana.db");
  after(() => rmSync(folder, { recursive: true }));

  function python(code: string): Promise<string> {
    return done("python3", ["-c", code, source]);
  }

  it("is copied whole while another process writes", async function () {
    if ((await ended("python3", ["--version"])).code !== 0) {
      console.log("    skipped: python3, which the job's own image has, cannot be found");
      this.skip();
    }
    await python(
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('create table user(name)'); c.execute(\"insert into user values ('ada')\"); c.commit()",
    );
    // A transaction that is not committed must not be in the copy.
    const writer = spawn(
      "python3",
      [
        "-c",
        "import sqlite3,sys,time; c=sqlite3.connect(sys.argv[1]); c.execute(\"insert into user values ('half')\"); print('open',flush=True); time.sleep(60)",
        source,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    try {
      await new Promise((resolve) => writer.stdout.once("data", resolve));
      const copy = join(folder, "copy.db");
      const { code, output } = await ended("python3", [script("sqlite.py")], {
        SQLITE_SOURCE: source,
        SQLITE_COPY: copy,
      });
      assert.equal(code, 0, output);
      const names = await done("python3", [
        "-c",
        "import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute('select group_concat(name) from user').fetchone()[0])",
        copy,
      ]);
      assert.equal(names.trim(), "ada");
    } finally {
      writer.kill("SIGKILL");
    }
  });

  it("fails where there is none", async () => {
    const { code } = await ended("python3", [script("sqlite.py")], {
      SQLITE_SOURCE: join(folder, "missing.db"),
      SQLITE_COPY: join(folder, "other.db"),
    });
    assert.notEqual(code, 0);
  });
});

describe("etcd", () => {
  const folder = sharedFolder();
  const running: ChildProcess[] = [];
  after(() => {
    for (const member of running) member.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  const etcdctl = (endpoint: string, ...args: string[]) =>
    done(binary("etcdctl"), [`--endpoints=${endpoint}`, ...args]);

  async function start(data: string): Promise<string> {
    const client = `http://127.0.0.1:${await freePort()}`;
    const peer = `http://127.0.0.1:${await freePort()}`;
    running.push(
      spawn(
        binary("etcd"),
        [
          ...["--name=one", `--data-dir=${data}`, "--log-level=error"],
          ...[`--listen-client-urls=${client}`, `--advertise-client-urls=${client}`],
          ...[`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`],
          `--initial-cluster=one=${peer}`,
        ],
        { stdio: "ignore" },
      ),
    );
    for (let tries = 0; tries < 100; tries++) {
      const health = [`--endpoints=${client}`, "endpoint", "health"];
      if ((await ended(binary("etcdctl"), health)).code === 0) return client;
      await sleep(200);
    }
    throw new Error("etcd does not start");
  }

  it("has its keys again after a restore from a snapshot", async () => {
    const endpoint = await start(join(folder, "first"));
    await etcdctl(endpoint, "put", "/registry/namespaces/shop", "kept");
    const file = join(folder, "etcd.db");
    const [snapshot, verify] = etcdCommands({ endpoint, file });
    for (const [command = "", ...args] of [snapshot, verify]) await done(binary(command), args);
    await etcdctl(endpoint, "put", "/registry/namespaces/late", "after the snapshot");
    running.pop()?.kill("SIGKILL");

    const data = join(folder, "restored");
    await done(binary("etcdutl"), ["snapshot", "restore", file, `--data-dir=${data}`]);
    const restored = await start(data);
    const keys = await etcdctl(restored, "get", "--prefix", "/registry/");
    assert.equal(keys.trim(), "/registry/namespaces/shop\nkept");
  });

  it("fails on a snapshot that is damaged, and on a member that does not answer", async () => {
    const file = join(folder, "damaged.db");
    const bytes = readFileSync(join(folder, "etcd.db"));
    bytes[bytes.length >> 1]! ^= 0xff;
    writeFileSync(file, bytes);
    const restore = ["snapshot", "restore", file, `--data-dir=${join(folder, "damaged")}`];
    assert.notEqual((await ended(binary("etcdutl"), restore)).code, 0);
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const [[, ...args]] = etcdCommands({ endpoint, file: join(folder, "none.db") });
    assert.notEqual((await ended(binary("etcdctl"), [...args, "--command-timeout=2s"])).code, 0);
  });

  it("is asked with the certificates of a client", () => {
    const [snapshot] = etcdCommands({ endpoint: "https://a:2379", certificates: "/c", file: "/f" });
    assert.deepEqual(snapshot, [
      "etcdctl",
      "--endpoints=https://a:2379",
      "--cacert=/c/ca.crt",
      "--cert=/c/tls.crt",
      "--key=/c/tls.key",
      "snapshot",
      "save",
      "/f",
    ]);
  });
});

describe("the engine's state", () => {
  const pulumi = tools.find(({ name }) => name === "pulumi");
  let place: Place;
  let environment: Record<string, string>;
  let program: string;
  before(() => {
    place = new Place("state");
    program = join(place.folder, "program");
    place.write("program/Pulumi.yaml", "name: small\nruntime: yaml\n");
    mkdirSync(join(place.folder, "backend"));
    assert.ok(pulumi);
    environment = {
      ...place.environment,
      PATH: [toolFolder(pulumi), place.environment["PATH"]].join(delimiter),
      PULUMI_HOME: join(place.folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(place.folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "passphrase of this test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      STATE_FOLDER: join(place.folder, "state"),
    };
  });
  after(() => place.remove());

  const engine = (...args: string[]) =>
    done("pulumi", ["--non-interactive", "--cwd", program, ...args], environment);
  const save = () => ended("sh", ["-c", `cd ${program} && sh ${script("state.sh")}`], environment);

  it("is not saved when there is none", async () => {
    const { code, output } = await save();
    assert.equal(code, 1, output);
    assert.match(output, /The backend has no stack of this project/);
  });

  it("comes back into an empty backend, with every stack and resource", async () => {
    for (const stack of ["dev", "prod"]) await engine("stack", "init", stack);
    // A resource without a program, as an update would leave it.
    const exported = JSON.parse(await engine("stack", "export", "--stack", "prod")) as {
      version: number;
      deployment: Record<string, unknown>;
    };
    const urn = "urn:pulumi:prod::small::pulumi:pulumi:Stack::small-prod";
    exported.deployment["resources"] = [
      { urn, type: "pulumi:pulumi:Stack", custom: false, outputs: { traffic: "all to 1.5.0" } },
    ];
    place.write("made.json", JSON.stringify(exported));
    await engine("stack", "import", "--stack", "prod", "--file", join(place.folder, "made.json"));

    const { code, output } = await save();
    assert.equal(code, 0, output);

    // The bucket is lost; only the project's files and the passphrase exist.
    rmSync(join(place.folder, "backend"), { recursive: true });
    mkdirSync(join(place.folder, "backend"));
    const restored = join(await place.restore(), place.folder, "state");
    for (const stack of ["dev", "prod"]) {
      await engine("stack", "init", stack);
      await engine("stack", "import", "--stack", stack, "--file", join(restored, `${stack}.json`));
    }
    const { deployment } = JSON.parse(await engine("stack", "export", "--stack", "prod")) as {
      deployment: { resources: { urn: string; outputs: object }[] };
    };
    assert.deepEqual(
      deployment.resources.map(({ urn: name, outputs }) => [name, outputs]),
      [[urn, { traffic: "all to 1.5.0" }]],
    );
  });
});
