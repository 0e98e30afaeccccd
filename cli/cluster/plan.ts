import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { shownPath } from "../../local/commands/caller";
import { runVerb } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
import { ProgramError } from "../../config";
import { planOf, readCluster, type Cluster } from "../../provision";

interface Options {
  configDir: string;
}

/** `npx platform cluster plan <name> <dir>`: writes what each machine of a cluster needs. */
function plan(name: string, folder: string, { configDir }: Options): void {
  const cluster = readCluster(name, configDir);
  clear(cluster, folder);
  for (const { path, text, executable = false } of planOf(cluster)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: executable ? 0o755 : 0o644 });
  }
  const machines = Object.keys(cluster.machines);
  console.log(`${shownPath(folder)}: ${machines.length} machines (${machines.join(", ")})`);
  console.log(`Next: follow ${shownPath(join(folder, "README.md"))}`);
}

/**
 * Removes an earlier plan, so that no file of a removed machine is left. A folder with other content is
 * refused.
 */
function clear({ name }: Cluster, folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  const readme = join(folder, "README.md");
  if (
    !existsSync(readme) ||
    !readFileSync(readme, "utf8").startsWith(`# Cluster ${name}, Kubernetes `)
  ) {
    throw new ProgramError(
      `<dir>: expected an empty folder or an earlier plan of cluster ${name}, got ${folder}; name another folder`,
    );
  }
  rmSync(folder, { recursive: true });
}

const program = new VerbCommand("npx platform cluster plan")
  .description(
    "Writes what each machine of a cluster needs: files, and one script that applies or checks them. Changes nothing else, and writes no secrets.",
  )
  .argument("<name>", "name of the cluster: that of clusters/<name>.yaml")
  .argument("<dir>", "folder for the plan; an earlier plan of the cluster in it is replaced")
  .option("--config-dir <dir>", "folder of clusters/ and the stacks' files", ".")
  .examples("npx platform cluster plan prod plan")
  .exitCodes({ 0: "written", 1: "not written: the cluster's file has errors" })
  .action(plan);

runVerb(program);
