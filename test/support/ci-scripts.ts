import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** Returns the commands with which each CI system previews a stack, from its configuration. */
export function previewScripts(): Map<string, string> {
  const jobs = parse(readFileSync(".gitlab-ci.yml", "utf8"), { merge: true }) as Record<
    string,
    { script?: string[] }
  >;
  const library = readFileSync("ci/library/vars/platformStack.groovy", "utf8");
  const jenkins = /def command = '(npx platform preview .*)'/.exec(library)?.[1];
  const found: [string, string | undefined][] = [
    ["GitLab's job preview", jobs[".preview"]?.script?.join("\n")],
    ["GitLab's job plan", jobs[".plan"]?.script?.join("\n")],
    ["Jenkins' stage Preview", jenkins],
  ];
  return new Map(
    found.map(([name, script]) => {
      if (script === undefined) throw new Error(`${name}: expected a script, got none`);
      return [name, script];
    }),
  );
}
