import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { stringify } from "yaml";
import { bundleLoader, checkout, localFolder } from "../../local/toolchain/paths";
import type { Ended } from "./project";

/** Files and folders that are not links. */
const own = [".git", ".gitignore", ".local", "apps"];

/**
 * A folder with this program and its own stacks: the program's files are links; stack files, app files and git history
 * belong to the folder.
 */
export class LinkedProject {
  readonly folder = mkdtempSync(join(tmpdir(), "linked-"));

  constructor(readonly environment: NodeJS.ProcessEnv = process.env) {
    for (const entry of readdirSync(checkout)) {
      if (own.includes(entry) || /^Pulumi\..+\.yaml$/.test(entry)) continue;
      symlinkSync(join(checkout, entry), join(this.folder, entry));
    }
    mkdirSync(join(this.folder, ".local"));
    symlinkSync(join(localFolder, "crds"), join(this.folder, ".local", "crds"));
  }

  stack(name: string, config: object): this {
    return this.file(`Pulumi.${name}.yaml`, stringify({ config }, { compat: "yaml-1.1" }));
  }

  file(path: string, text: string): this {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
    return this;
  }

  app(path: string, value: object): this {
    return this.file(path, stringify(value, { compat: "yaml-1.1" }));
  }

  /** Runs `npx platform …` in the folder. */
  platform(...args: string[]): Promise<Ended> {
    return this.run(process.execPath, bundleLoader, "cli/index.ts", ...args);
  }

  /** Runs a command in the folder. */
  async run(command: string, ...args: string[]): Promise<Ended> {
    const child = spawn(command, args, {
      cwd: this.folder,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => (output += data.toString()));
    }
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output: stripVTControlCharacters(output) };
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

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
