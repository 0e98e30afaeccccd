import program from "../index";
import { record } from "../render/record";
import { stackOf } from "./config";

/**
 * How long the program itself takes for one stack of many apps, without an engine: what a preview
 * spends before anything is compared with a cluster. Prints one line of JSON.
 * Usage: node --require tsx/cjs bench/program.ts <apps>
 */
async function main(): Promise<void> {
  const apps = Number(process.argv[2] ?? 1);
  const cluster = { kubeconfig: "none", context: "none" };
  const started = performance.now();
  const { registrations } = await record(program, "bench", {
    "platform:cluster": cluster,
    ...stackOf(apps),
  });
  const seconds = (performance.now() - started) / 1000;
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(JSON.stringify({ apps, resources: registrations.length, seconds, memoryMi: memory }));
}

void main();
