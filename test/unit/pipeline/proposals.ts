import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { fateOf, type Fate } from "../../../cli/pipeline/open-proposal";
import { gitIn } from "../../../cli/preview/commits";
import { Project } from "../cli/fleet/support";

/** What each CI system tells the script of its job `advance`. */
const systems = {
  GitHub: {
    GITHUB_SERVER_URL: "https://git.test",
    GITHUB_REPOSITORY: "company/platform",
    GITHUB_REF_NAME: "main",
  },
  GitLab: {
    CI_PROJECT_URL: "https://git.test:8443/gitlab/company/platform",
    CI_DEFAULT_BRANCH: "main",
  },
  Jenkins: { TARGET: "main" },
};
type System = keyof typeof systems;

/** Author of steps, by the server that each system names. */
const authors: Record<System, string> = {
  GitHub: "release@git.test",
  GitLab: "release@git.test",
  Jenkins: "release@platform.invalid",
};

/** Variables of a CI system that runs these tests. */
const foreign = /^(CI_|GITHUB_|TARGET$|ADVANCE_TOKEN$)/;

/** Returns the config of a stack whose canary has a share, and a check that was made some minutes ago. */
function configWith(weight: number, minutes = 1000): object {
  const at = new Date(Date.now() - minutes * 60_000).toISOString();
  const check = { verdict: "pass", at, release: "1.5.0", samples: 1000 + minutes };
  const shop = { stable: { version: "1.4.2" }, canary: { version: "1.5.0", weight, check } };
  return {
    "platform:releases": { check: { validFor: "10h" } },
    "platform:apps": { shop },
  };
}

/** Returns variables with which git uses a folder instead of each of these addresses. */
function replacing(folder: string, addresses: string[]): Record<string, string> {
  const entries = addresses.flatMap((address, index) => [
    [`GIT_CONFIG_KEY_${index}`, `url.${folder}.insteadOf`],
    [`GIT_CONFIG_VALUE_${index}`, address],
  ]);
  return { GIT_CONFIG_COUNT: `${addresses.length}`, ...Object.fromEntries(entries) };
}

/** A repository with the script, a bare one as its origin, and stubs of GitHub's API and npx. */
export class ProposalRepository extends Project {
  /** @param template repository whose folder is copied. Default: none; it is made. */
  constructor(template?: ProposalRepository) {
    super();
    if (template !== undefined) {
      cpSync(template.folder, this.folder, { recursive: true, verbatimSymlinks: true });
      return;
    }
    this.file("file", "1\n").stack("shop.prod", configWith(25));
    this.git("init", "--quiet", "--initial-branch", "main", "--template=");
    this.git("add", "file", "Pulumi.shop.prod.yaml");
    this.git("commit", "--quiet", "--message", "Start");
    this.git("init", "--quiet", "--bare", "--template=", "remote.git");
    // Relative, so that a copy has its own.
    this.git("remote", "add", "origin", "./remote.git");
    this.git("--git-dir", "remote.git", "config", "receive.advertisePushOptions", "true");
    const hook = `#!/bin/sh\nfor i in 0 1 2; do eval "echo \\"\\$GIT_PUSH_OPTION_$i\\""; done > ../options\n`;
    mkdirSync(join(this.folder, "remote.git/hooks"));
    writeFileSync(join(this.folder, "remote.git/hooks/post-receive"), hook, { mode: 0o755 });
    for (const name of ["node_modules", "cli"]) {
      symlinkSync(resolve(name), join(this.folder, name));
    }
    for (const name of ["package.json", "tsconfig.json", ".ci"]) {
      symlinkSync(resolve(name), join(this.folder, name));
    }
    mkdirSync(join(this.folder, "bin"));
    for (const name of ["bundle.cjs", "typescript.cjs"]) {
      symlinkSync(resolve("bin", name), join(this.folder, "bin", name));
    }
  }

  /** Runs the script of a CI system, with commands instead of npx. */
  async run(system: System, npx: string, token = "t0ken") {
    writeFileSync(join(this.folder, "bin/npx"), `#!/bin/sh\n${npx}\n`, { mode: 0o755 });
    const requests: string[] = [];
    const server = createServer((request, response) => {
      let text = "";
      request.on("data", (data: Buffer) => (text += data.toString()));
      request.on("end", () => {
        requests.push(`${request.method} ${request.url} ${text}`);
        response.end(request.method === "GET" ? "[]" : "{}");
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const child = spawn(".ci/propose-steps", {
      cwd: this.folder,
      env: {
        ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))),
        PATH: `${join(this.folder, "bin")}:${process.env.PATH}`,
        STACK: "shop.prod",
        ...systems[system],
        ...(system === "Jenkins" ? {} : { ADVANCE_TOKEN: token }),
        GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        ...replacing(`${this.folder}/remote.git`, [
          `https://release:${token}@git.test/company/platform.git`,
          `https://release:${token}@git.test:8443/gitlab/company/platform.git`,
        ]),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => (output += data.toString()));
    }
    const [code] = (await once(child, "close")) as [number];
    server.close();
    server.closeAllConnections();
    return { code, output, requests };
  }
  /** Returns the command of a step that gives the canary a share, with a check that was made some minutes ago. */
  stepTo(weight: number, minutes = 0): string {
    this.stack("step", configWith(weight, minutes));
    const made = join(this.folder, "step.yaml");
    renameSync(join(this.folder, "Pulumi.step.yaml"), made);
    const commit = `git commit --quiet --all --message 'shop: canary to ${weight}%, ${minutes} min'`;
    return `cp '${made}' Pulumi.shop.prod.yaml; ${commit}`;
  }

  /** Runs the script in a new checkout of the default branch. */
  async runAgain(system: System, npx: string) {
    this.git("checkout", "--quiet", "--force", "--detach", "main");
    const result = await this.run(system, npx);
    assert.equal(result.code, 0, result.output);
    return result;
  }

  /**
   * Pushes a step as the script of a CI system would.
   * @param script commands that make the step, on the default branch.
   */
  propose(system: System, script: string): void {
    this.make(script, authors[system]);
    this.git("push", "--quiet", "--force", "origin", "HEAD:refs/heads/advance/shop.prod");
  }

  /** Returns what the script of GitLab would do with the proposal's branch for a step, without its process. */
  fateBy(script: string): Fate["kind"] {
    const author = authors.GitLab;
    this.make(script, author);
    const proposed = this.proposedCommit();
    this.git("fetch", "--quiet", "origin", proposed);
    const before = this.git("rev-parse", "main").trim();
    const commits = { before, step: "HEAD", proposed, author };
    return fateOf(commits, 10 * 3600, gitIn(this.folder)).kind;
  }

  /** Runs commands in a new checkout of the default branch, with the identity of an author. */
  private make(script: string, author: string): void {
    this.git("checkout", "--quiet", "--force", "--detach", "main");
    const identity = { NAME: "release", EMAIL: author };
    const variables = Object.entries(identity).flatMap(([name, value]) =>
      ["AUTHOR", "COMMITTER"].map((who) => [`GIT_${who}_${name}`, value]),
    );
    const env = { ...process.env, ...(Object.fromEntries(variables) as NodeJS.ProcessEnv) };
    execFileSync("sh", ["-ec", script], { cwd: this.folder, env });
  }

  /** Pushes a commit by a person to the branch of the proposal. */
  pushByPerson(): void {
    this.git("checkout", "--quiet", "--force", "--detach");
    this.git("fetch", "--quiet", "origin", "advance/shop.prod");
    this.git("reset", "--quiet", "--hard", "FETCH_HEAD");
    this.file("file", "by Ann\n").git("commit", "--quiet", "--all", "--message", "Edit by Ann");
    this.git("push", "--quiet", "origin", "HEAD:refs/heads/advance/shop.prod");
  }

  /** Last commit of the branch. */
  proposedCommit(): string {
    return this.git("--git-dir", "remote.git", "rev-parse", "advance/shop.prod").trim();
  }
  /** Subject of the branch's last commit. */
  subject(): string {
    return this.git("--git-dir", "remote.git", "log", "-1", "--format=%s", "advance/shop.prod");
  }

  /** The branches of proposals. */
  proposed(): string {
    return this.git("--git-dir", "remote.git", "branch", "--list", "advance/*");
  }
}
