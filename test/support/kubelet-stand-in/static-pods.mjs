import { spawn } from "node:child_process";
import console from "node:console";
import { createHash } from "node:crypto";
import { existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const manifests = "/etc/kubernetes/manifests";

/** The static pods of a machine, each as one process. */
export class StaticPods {
  /** By the name of the manifest. */
  #running = new Map();

  /** @param programs commands by container, and by the tag of its image; the tag "" stands for all. */
  constructor(programs) {
    this.programs = programs;
  }

  /** Manifests of the pods that run, with a hash of each. */
  get running() {
    return [...this.#running.values()].map(({ pod, text }) => ({
      pod,
      hash: createHash("sha256").update(text).digest("hex").slice(0, 32),
    }));
  }

  step() {
    const files = existsSync(manifests) ? readdirSync(manifests) : [];
    const found = new Map(
      files
        .filter((file) => !file.startsWith("."))
        .map((file) => [file, readFileSync(join(manifests, file), "utf8")]),
    );
    for (const [file, { text, child }] of this.#running) {
      if (found.get(file) === text && child.exitCode === null && child.signalCode === null)
        continue;
      child.kill("SIGKILL");
      this.#running.delete(file);
    }
    for (const [file, text] of found) {
      if (!this.#running.has(file) && text !== "") this.#start(file, text);
    }
  }

  #start(file, text) {
    const pod = parse(text);
    const [{ name, image, command = [] }] = pod.spec.containers;
    const byTag = this.programs[name];
    if (byTag === undefined) return;
    const tag = image.slice(image.lastIndexOf(":") + 1);
    const program = byTag[tag] ?? byTag[""];
    if (program === undefined) throw new Error(`${image}: no program with this tag`);
    const log = openSync(`/var/log/${name}.log`, "a");
    const words = [...program, ...command.slice(1)];
    const child = spawn(words[0], words.slice(1), { stdio: ["ignore", log, log] });
    child.on("error", (error) => console.error(error));
    this.#running.set(file, { pod, text, child });
  }
}
