import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A call of the stub. */
export interface Call {
  args: string[];
  stdin: string;
  env: { [name: string]: string };
  /** The config.json that docker would have read, if there was one. */
  config: string;
}

/** A `docker` at the start of PATH that only records its calls. */
export interface DockerStandIn {
  calls(): Call[];
  remove(): void;
}

/**
 * Adds a recording `docker` to PATH, and sets HOME.
 * @param behaviour lines of a shell script that run after each call is recorded, with the call's arguments: they
 * determine its output and exit code.
 * @param home the HOME. Default: an empty folder.
 */
export function standInDocker(behaviour: string, home?: string): DockerStandIn {
  const folder = mkdtempSync(join(tmpdir(), "docker-stand-in-"));
  const log = join(folder, "calls.jsonl");
  writeFileSync(log, "");
  const record = join(folder, "record.cjs");
  writeFileSync(
    record,
    `const { appendFileSync, existsSync, readFileSync } = require("node:fs");
const file = process.env.DOCKER_CONFIG + "/config.json";
const call = {
  args: process.argv.slice(2),
  stdin: readFileSync(0, "utf8"),
  env: process.env,
  config: existsSync(file) ? readFileSync(file, "utf8") : "",
};
appendFileSync(${JSON.stringify(log)}, JSON.stringify(call) + "\\n");
`,
  );
  const script = `#!/bin/sh\n"${process.execPath}" "${record}" "$@"\n${behaviour}\n`;
  writeFileSync(join(folder, "docker"), script, { mode: 0o755 });
  const { PATH, HOME } = process.env;
  process.env.PATH = `${folder}${delimiter}${PATH}`;
  process.env.HOME = home ?? folder;
  return {
    calls: () =>
      readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Call),
    remove() {
      Object.assign(process.env, { PATH, HOME });
      rmSync(folder, { recursive: true });
    },
  };
}
