import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { binary } from "../../../local/toolchain/install";
import { mustRun, runProgram, script, sharedFolder, type Ended } from "../../support/backup";
import { shortenDerivation } from "../../support/restic-key";

const restic = dirname(binary("restic"));

/** A repository in a temporary folder, and the environment of the job that writes to it. */
export class Place {
  readonly folder = sharedFolder();
  readonly source = join(this.folder, "source");
  readonly environment: Record<string, string>;
  private readonly password = "an encryption key of this test";

  constructor(name: string) {
    mkdirSync(this.source);
    this.write("password", this.password);
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
    return runProgram("sh", [script("save.sh")], { ...this.environment, ...changes });
  }

  restic(...args: string[]): Promise<string> {
    return mustRun("restic", args, this.environment);
  }

  /** Makes the repository, if it is a folder that does not exist, and lets each later run of restic take less time. */
  async shortenRuns(): Promise<void> {
    const repository = this.environment["RESTIC_REPOSITORY"]!;
    if (!existsSync(repository)) await this.restic("init");
    shortenDerivation(repository, this.password);
  }

  /** Returns the number of backups in the repository, which has a file for each, without a run of restic. */
  snapshotCount(): number {
    return readdirSync(join(this.environment["RESTIC_REPOSITORY"]!, "snapshots")).length;
  }

  async snapshots(): Promise<{ time: string; hostname: string }[]> {
    const text = await this.restic("snapshots", "--json");
    return JSON.parse(text.slice(text.indexOf("["))) as { time: string; hostname: string }[];
  }

  /** Returns the names of the locks' files. */
  locks(): string[] {
    const folder = join(this.environment["RESTIC_REPOSITORY"]!, "locks");
    // restic writes a lock under a temporary name first, which is no lock yet.
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return names.filter((name) => /^[0-9a-f]{64}$/.test(name));
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
