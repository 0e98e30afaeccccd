import { quoted } from "../../../config/shell";
import type { NeededApp, NeededWorker } from "../facts";

/** Placeholder of a worker: it counts simulated work, serves the count as a metric, and exits on SIGTERM. */
const worker = `import { createServer } from "node:http";
let done = 0;
const work = setInterval(() => {
  done++;
  if (done % 10 === 1) console.log(\`\${process.argv.slice(2).join(" ")}: \${done} done\`);
}, 1000);
const metrics = createServer((request, response) => {
  response.setHeader("content-type", "text/plain; version=0.0.4");
  response.end(\`# TYPE worker_done_total counter\\nworker_done_total \${done}\\n\`);
});
if (process.env.METRICS_PORT) metrics.listen(Number(process.env.METRICS_PORT));
process.on("SIGTERM", () => {
  clearInterval(work);
  metrics.close();
});
`;
const path = "/app/worker.mjs";

/** Returns the workers that can be replaced: those of images with Node.js. */
export function replacedWorkers({ preset = "node", workers = [] }: NeededApp): NeededWorker[] {
  return preset === "node" ? [...workers] : [];
}

/**
 * Returns the placeholders of an app's programs, by path. A worker keeps running; any other program, such as
 * a migration, prints its arguments and succeeds.
 */
export function appPrograms(
  programs: readonly string[],
  workers: readonly NeededWorker[],
): Record<string, string> {
  const texts = Object.fromEntries(
    programs.map((program) => {
      const cases = workers
        .filter(({ command }) => command[0] === program)
        .map(({ command, metricsPort }) => {
          const port = metricsPort === undefined ? "" : `METRICS_PORT=${metricsPort} `;
          return `${quoted(command.join(" "))}) ${port}exec node ${path} "$0" "$@" ;;\n`;
        });
      const choice = cases.length === 0 ? "" : `case "$0 $*" in\n${cases.join("")}esac\n`;
      return [program, `#!/bin/sh\n${choice}echo "$0 $*"\n`];
    }),
  );
  return workers.length === 0 ? texts : { ...texts, [path]: worker };
}
