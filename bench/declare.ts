import program from "../index";
import { record } from "../render/record";
import { stackOf } from "./config";

/**
 * Measures how long the program itself takes for one stack with many apps, without an engine: the part of a preview
 * before the comparison with a cluster.
 * Usage: node --require ./bin/typescript.cjs bench/declare.ts <apps>
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
