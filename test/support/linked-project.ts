import { mkdirSync, mkdtempSync, readdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleLoader, checkout, localFolder } from "../../local/toolchain/paths";
import { ProjectFolder } from "./project-folder";
import { runCommand, type Ended } from "./results";

/** Files and folders that are not links. */
const own = [".git", ".gitignore", ".local", "apps"];

/**
 * A folder with this program and its own stacks: the program's files are links; stack files, app files and git history
 * belong to the folder.
 */
export class LinkedProject extends ProjectFolder {
  constructor(readonly environment: NodeJS.ProcessEnv = process.env) {
    super(mkdtempSync(join(tmpdir(), "linked-")));
    for (const entry of readdirSync(checkout)) {
      if (own.includes(entry) || /^Pulumi\..+\.yaml$/.test(entry)) continue;
      symlinkSync(join(checkout, entry), join(this.folder, entry));
    }
    mkdirSync(join(this.folder, ".local"));
    symlinkSync(join(localFolder, "crds"), join(this.folder, ".local", "crds"));
  }

  /** Runs `npx platform …` in the folder. */
  platform(...args: string[]): Promise<Ended> {
    return this.run(process.execPath, bundleLoader, "cli/index.ts", ...args);
  }

  /** Runs a command in the folder. */
  run(command: string, ...args: string[]): Promise<Ended> {
    return runCommand(command, args, { cwd: this.folder, env: this.environment });
  }

  /** Runs git in the folder with a fixed identity. */
  async git(...args: string[]): Promise<string> {
    const settings = ["user.name=Ann", "user.email=a@example.com", "commit.gpgsign=false"];
    const { code, output } = await this.run(
      "git",
      ...settings.flatMap((each) => ["-c", each]),
      ...args,
    );
    if (code !== 0) throw new Error(`git ${args.join(" ")} ended with ${code}:\n${output}`);
    return output;
  }
}
