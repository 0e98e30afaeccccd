// A stand-in for the kubelet of a planned machine: it runs the commands of static pods as processes, as the kubelet runs
// their containers, and answers health checks. It has no containers, and registers no node.
import { spawn } from "node:child_process";
import console from "node:console";
import { existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { setInterval } from "node:timers";
import { parse } from "yaml";

const manifests = "/etc/kubernetes/manifests";
/** Programs by the name of their container, with the arguments that the image would give. */
const programs = JSON.parse(process.argv[2]);
const running = new Map();

function step() {
  const files = existsSync(manifests) ? readdirSync(manifests) : [];
  const found = new Map(
    files
      .filter((file) => !file.startsWith("."))
      .map((file) => [file, readFileSync(join(manifests, file), "utf8")]),
  );
  for (const [file, { text, child }] of running) {
    if (found.get(file) === text && child.exitCode === null && child.signalCode === null) continue;
    child.kill("SIGKILL");
    running.delete(file);
  }
  for (const [file, text] of found) {
    if (running.has(file) || text === "") continue;
    const [{ name, command = [] }] = parse(text).spec.containers;
    const program = programs[name];
    if (program === undefined) continue;
    const log = openSync(`/var/log/${name}.log`, "a");
    const words = [...program, ...command.slice(1)];
    const child = spawn(words[0], words.slice(1), { stdio: ["ignore", log, log] });
    child.on("error", (error) => console.error(error));
    running.set(file, { text, child });
  }
}

setInterval(step, 300);
createServer((_, response) => response.end("ok")).listen(10_248, "127.0.0.1");
