// A stand-in for the kubelet of a planned machine. It runs the commands of static pods as processes, as the kubelet runs
// their containers, answers health checks, gets its certificate with the token of a bundle, and registers a node with
// mirror pods. It has no containers: other pods on its node never start, and are gone when they are deleted.
import console from "node:console";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { config, ensureIdentity } from "./identity.mjs";
import { beat, restart } from "./node.mjs";
import { StaticPods } from "./static-pods.mjs";

const { programs, packages } = JSON.parse(process.argv[2]);
const pods = new StaticPods(programs);

// The first process of the machine: all others end with it, also when the test does.
process.stdin.on("end", () => process.exit()).resume();
createServer((_, response) => response.end("ok")).listen(10_248, "127.0.0.1");

async function forever(pause, step, otherwise = () => undefined) {
  for (;;) {
    try {
      // Like the kubelet's unit, it restarts until kubeadm has written its configuration.
      if (existsSync(config)) await step();
      else otherwise();
    } catch (error) {
      console.error(new Date().toISOString(), String(error));
    }
    await sleep(pause);
  }
}

void forever(300, () => pods.step());
void forever(
  1000,
  async () => {
    await ensureIdentity();
    await beat(pods.running, packages);
  },
  restart,
);
