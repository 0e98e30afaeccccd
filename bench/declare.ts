import program from "../index";
import { record } from "../render/record";
import { stackOf } from "./config";

/**
 * How long the program itself takes for one stack of many apps, without an engine: what a preview
 * spends before anything is compared with a cluster.
 * Usage: node --require tsx/cjs bench/declare.ts <apps>
 */
async function main(): Promise<void> {
  const cluster = { kubeconfig: "none", context: "none" };
  const { registrations } = await record(program, "bench", {
    "platform:cluster": cluster,
    ...stackOf(Number(process.argv[2] ?? 1)),
  });
  console.log(`${registrations.length} resources`);
}

void main();
