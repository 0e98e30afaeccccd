import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
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
/** Variables of a CI system that runs these tests. */
const foreign = /^(CI_|GITHUB_|TARGET$|ADVANCE_TOKEN$)/;

/** Returns variables with which git uses a folder instead of each of these addresses. */
function replacing(folder: string, addresses: string[]): Record<string, string> {
  const entries = addresses.flatMap((address, index) => [
    [`GIT_CONFIG_KEY_${index}`, `url.${folder}.insteadOf`],
    [`GIT_CONFIG_VALUE_${index}`, address],
  ]);
  return { GIT_CONFIG_COUNT: `${addresses.length}`, ...Object.fromEntries(entries) };
}

/** Runs the script with real git and a bare repository, and with stubs of GitHub's API and npx. */
describe("the steps that a schedule proposes", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
    project.file("file", "1\n").git("init", "--quiet", "--initial-branch", "main");
    project.git("add", "file");
    project.git("commit", "--quiet", "--message", "Start");
    project.git("init", "--quiet", "--bare", "remote.git");
    project.git("remote", "add", "origin", join(project.folder, "remote.git"));
    project.git("--git-dir", "remote.git", "config", "receive.advertisePushOptions", "true");
    const hook = `#!/bin/sh\nfor i in 0 1 2; do eval "echo \\"\\$GIT_PUSH_OPTION_$i\\""; done > '${project.folder}/options'\n`;
    writeFileSync(join(project.folder, "remote.git/hooks/post-receive"), hook, { mode: 0o755 });
    for (const name of ["node_modules", "cli"]) {
      symlinkSync(resolve(name), join(project.folder, name));
    }
    for (const name of ["package.json", "tsconfig.json", ".ci"]) {
      symlinkSync(resolve(name), join(project.folder, name));
    }
    mkdirSync(join(project.folder, "bin"));
    symlinkSync(resolve("bin/typescript.cjs"), join(project.folder, "bin/typescript.cjs"));
  });
  afterEach(() => rmSync(project.folder, { recursive: true }));

  async function run(system: keyof typeof systems, npx: string, token = "t0ken") {
    writeFileSync(join(project.folder, "bin/npx"), `#!/bin/sh\n${npx}\n`, { mode: 0o755 });
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
      cwd: project.folder,
      env: {
        ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))),
        PATH: `${join(project.folder, "bin")}:${process.env.PATH}`,
        STACK: "shop.prod",
        ...systems[system],
        ...(system === "Jenkins" ? {} : { ADVANCE_TOKEN: token }),
        GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        ...replacing(`${project.folder}/remote.git`, [
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
  const step = "echo 2 > file; git commit --quiet --all --message 'shop: canary to 50%'";

  const subject = () =>
    project.git("--git-dir", "remote.git", "log", "-1", "--format=%s", "advance/shop.prod");
  const proposed = () => project.git("--git-dir", "remote.git", "branch", "--list", "advance/*");

  it("are a branch and a pull request on GitHub", async () => {
    const { code, output, requests } = await run("GitHub", step);
    assert.equal(code, 0, output);
    assert.equal(subject(), "shop: canary to 50%\n");
    assert.deepEqual(requests, [
      "GET /repos/company/platform/pulls?state=open&head=company%3Aadvance%2Fshop.prod ",
      'POST /repos/company/platform/pulls {"head":"advance/shop.prod","base":"main","title":"shop: canary to 50%"}',
    ]);
  });

  for (const system of ["GitLab", "Jenkins"] as const) {
    it(`are a branch on ${system}, whose push asks for a merge request that merges itself`, async () => {
      // An earlier proposal that was not merged makes way.
      project.git("push", "--quiet", "origin", "HEAD:refs/heads/advance/shop.prod");
      project.git("commit", "--quiet", "--amend", "--message", "Another start");
      const { code, output, requests } = await run(system, step);
      assert.equal(code, 0, output);
      assert.equal(subject(), "shop: canary to 50%\n");
      assert.equal(
        readFileSync(join(project.folder, "options"), "utf8"),
        "merge_request.create\nmerge_request.target=main\nmerge_request.merge_when_pipeline_succeeds\n",
      );
      assert.deepEqual(requests, []);
    });
  }

  it("are nothing where none is due", async () => {
    for (const system of ["GitHub", "GitLab", "Jenkins"] as const) {
      const none = await run(system, "true", "");
      assert.deepEqual([none.code, none.requests], [0, []], none.output);
    }
    assert.equal(proposed(), "");
  });

  for (const system of ["GitHub", "GitLab"] as const) {
    it(`are an error where they cannot be proposed on ${system}`, async () => {
      const untold = await run(system, step, "");
      assert.equal(untold.code, 1);
      assert.match(
        untold.output,
        /A step is due for stack shop\.prod, and ADVANCE_TOKEN is not set/,
      );
      assert.equal(proposed(), "");
    });
  }
});
