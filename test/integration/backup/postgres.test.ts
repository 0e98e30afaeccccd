import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import {
  runProgram,
  freePort,
  postgresFolder,
  PostgresServer,
  script,
  type Ended,
} from "../../support/backup";
import { Place } from "./place";
import { failedWith } from "../../support/results";

const postgres = postgresFolder();

/** Skips a suite with the reason if a program is missing. */
function describeWith(title: string, needed: (string | Error)[], body: () => void): void {
  const missing = needed.find((folder) => folder instanceof Error);
  if (missing === undefined) describe(title, body);
  else describe.skip(`${title} (skipped: ${missing.message})`, body);
}

describeWith("a PostgreSQL database", [postgres], () => {
  let place: Place;
  let server: PostgresServer;
  before(async () => {
    place = new Place("harbor");
    await place.shortenRuns();
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
    return runProgram("sh", [script("postgres.sh")], {
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

  it("is restored unchanged from the repository after it was dropped", async () => {
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

  it("fails with a wrong password and for a missing database, without showing a secret", async () => {
    place.write("wrong/username", "postgres");
    place.write("wrong/password", "not-the-password");
    const refused = await dump({ DATABASE_SECRETS: join(place.folder, "wrong") });
    failedWith(refused, /password authentication failed/);
    assert.doesNotMatch(refused.output, /not-the-password/);
    failedWith(await dump({ PGDATABASE: "nowhere" }), /database "nowhere" does not exist/);
  });
});
