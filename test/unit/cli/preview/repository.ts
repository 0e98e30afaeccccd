import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chain, commitsOf, gitIn, type Commits } from "../../../../cli/preview/commits";

const person = ["--config", "user.name=Test", "--config", "user.email=test@platform.invalid"];

/** A repository with a stack file of these lines, on branch main. */
export class Repository {
  readonly folder = mkdtempSync(join(tmpdir(), "undo-"));

  /**
   * @param from repository whose folder is copied.
   * @param cloned whether it is cloned instead.
   */
  constructor(from?: Repository, cloned = false) {
    if (from === undefined) {
      this.git("init", "--quiet", "--initial-branch", "main", "--template=");
      this.git("config", "user.name", "Test");
      this.git("config", "user.email", "test@platform.invalid");
      this.write(1, "applied");
      this.commit();
    } else if (cloned) this.git("clone", "--quiet", ...person, `file://${from.folder}`, ".");
    else cpSync(from.folder, this.folder, { recursive: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.folder, encoding: "utf8" }).trim();
  }

  /** Writes one line of the file. */
  write(line: number, text: string): void {
    const lines = this.lines();
    lines[line * 10] = text;
    writeFileSync(join(this.folder, "Pulumi.prod.yaml"), `${lines.join("\n")}\n`);
  }

  lines(): string[] {
    try {
      return readFileSync(join(this.folder, "Pulumi.prod.yaml"), "utf8").trimEnd().split("\n");
    } catch {
      return Array.from({ length: 60 }, (_, index) => `line ${index}`);
    }
  }

  commit(): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "Change");
    return this.git("rev-parse", "HEAD");
  }

  /** Runs the commands of the comment. */
  run(commands: string[]): void {
    const script = chain(commands).join("\n");
    execFileSync("bash", ["-c", script], { cwd: this.folder, stdio: "pipe" });
  }

  commits(environment: NodeJS.ProcessEnv = {}): Commits {
    return commitsOf(environment, gitIn(this.folder));
  }
}
