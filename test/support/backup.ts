import { execFile, spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkout } from "../../local/toolchain/paths";

/** Exit code of a program, and its output on both streams. */
export interface Ended {
  code: number;
  output: string;
}

/** Runs a program and returns its result, whatever it is. */
export function runProgram(
  command: string,
  args: string[],
  environment: Record<string, string> = {},
  user?: number,
): Promise<Ended> {
  const env = { PATH: process.env["PATH"] ?? "", HOME: tmpdir(), ...environment };
  return new Promise((resolve) => {
    const options = { env, uid: user, gid: user, cwd: "/" };
    execFile(command, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, output: `${stdout}${stderr}` });
    });
  });
}

/**
 * Runs a program that must succeed.
 * @returns its output.
 */
export async function mustRun(...call: Parameters<typeof runProgram>): Promise<string> {
  const { code, output } = await runProgram(...call);
  if (code !== 0) throw new Error(`${call[0]} ${call[1].join(" ")} ended with ${code}:\n${output}`);
  return output;
}

/** Returns the path of a script of the backups. */
export function script(name: string): string {
  return join(checkout, "components/backup/scripts", name);
}

/** Creates a temporary folder that every user can enter, so that programs of other users reach their files in it. */
export function sharedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "backup-test-"));
  chmodSync(folder, 0o755);
  return folder;
}

/** Returns the folder of PostgreSQL's programs, or an Error with the reason if it is not installed. */
export function postgresFolder(): string | Error {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(root, version, "bin"));
  return (
    folders.find((folder) => existsSync(join(folder, "initdb"))) ??
    new Error("PostgreSQL is not installed: there is no initdb of Debian's package postgresql-15")
  );
}

/** Returns a free local port. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** A PostgreSQL server for one test, with a password, on a local port. */
export class PostgresServer {
  readonly password = 'it\'s :a \\ "password"';
  private server: ChildProcess | undefined;

  constructor(
    private readonly programs: string,
    private readonly folder: string,
    readonly port: number,
  ) {}

  /** PostgreSQL refuses to run as root. */
  private readonly user = process.getuid?.() === 0 ? 65_534 : undefined;

  async start(): Promise<void> {
    mkdirSync(this.folder);
    if (this.user !== undefined) chownSync(this.folder, this.user, this.user);
    const data = join(this.folder, "data");
    const passwordFile = join(this.folder, "password");
    writeFileSync(passwordFile, `${this.password}\n`);
    const initdb = [
      "-D",
      data,
      "-U",
      "postgres",
      "-A",
      "scram-sha-256",
      `--pwfile=${passwordFile}`,
    ];
    await mustRun(join(this.programs, "initdb"), initdb, {}, this.user);
    this.server = spawn(
      join(this.programs, "postgres"),
      [
        ...["-D", data, "-p", String(this.port), "-h", "127.0.0.1"],
        ...["-k", this.folder, "-c", "fsync=off"],
      ],
      { uid: this.user, gid: this.user, cwd: this.folder, stdio: "ignore" },
    );
    for (let tries = 0; tries < 100; tries++) {
      if ((await runProgram(join(this.programs, "pg_isready"), this.address())).code === 0) return;
      await sleep(200);
    }
    throw new Error("PostgreSQL does not start");
  }

  /**
   * Runs SQL.
   * @returns the rows, one line each.
   */
  sql(text: string, database = "postgres"): Promise<string> {
    const args = [...this.address(), "-U", "postgres", "-d", database, "-Atc", text];
    return mustRun(join(this.programs, "psql"), args, { PGPASSWORD: this.password });
  }

  /** Restores a dump into an existing database. */
  restore(dump: string, database: string): Promise<string> {
    const args = ["-U", "postgres", "-d", database, "--no-owner", "--exit-on-error", dump];
    return mustRun(join(this.programs, "pg_restore"), [...this.address(), ...args], {
      PGPASSWORD: this.password,
    });
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server === undefined || server.exitCode !== null) return;
    const gone = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGINT");
    await gone;
  }

  private address(): string[] {
    return ["-h", "127.0.0.1", "-p", String(this.port)];
  }
}
