import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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
 * @param body lines of a shell script that run after each call is recorded, with the call's arguments: they
 * determine its output and exit code.
 * @param home the HOME. Default: an empty folder.
 */
export function standInDocker(body: string, home?: string): DockerStandIn {
  const folder = mkdtempSync(join(tmpdir(), "docker-stand-in-"));
  const log = join(folder, "calls");
  mkdirSync(log);
  const script = `#!/bin/sh
call="${log}/$(date +%s%N)"
mkdir "$call"
printf '%s\\0' "$@" > "$call/args"
cat > "$call/stdin"
env -0 > "$call/env"
[ ! -f "$DOCKER_CONFIG/config.json" ] || cp "$DOCKER_CONFIG/config.json" "$call/config"
${body}
`;
  writeFileSync(join(folder, "docker"), script, { mode: 0o755 });
  const { PATH, HOME } = process.env;
  process.env.PATH = `${folder}${delimiter}${PATH}`;
  process.env.HOME = home ?? folder;
  return {
    calls: () =>
      readdirSync(log)
        .sort()
        .map((name) => callIn(join(log, name))),
    remove() {
      Object.assign(process.env, { PATH, HOME });
      rmSync(folder, { recursive: true });
    },
  };
}

/** Returns a call from the files that the stub writes. */
function callIn(folder: string): Call {
  const text = (name: string) => {
    const file = join(folder, name);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  const list = (name: string) => text(name).split("\0").slice(0, -1);
  const variables = list("env").map((entry) => {
    const at = entry.indexOf("=");
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  return {
    args: list("args"),
    stdin: text("stdin"),
    env: Object.fromEntries(variables) as Call["env"],
    config: text("config"),
  };
}
