import { chmod, copyFile, cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "./run";

/**
 * Creates the folder in which a tool is built, below a temporary one.
 * @returns that folder.
 */
export type Source = (
  module: string,
  temporary: string,
  environment: NodeJS.ProcessEnv,
) => Promise<string>;

/**
 * Builds in a copy of the tool's own module, so that its `replace` lines apply. The copy is verified by the checksum in
 * the module's go.sum.
 * @param added files that the published module lacks and the build needs, by path.
 */
export function copyOf(name: string, added: Record<string, string> = {}): Source {
  return async (module, temporary, environment) => {
    const text = await run("go", ["mod", "download", "-json", name], {
      cwd: module,
      env: environment,
    });
    const { Dir: source } = JSON.parse(text) as { Dir: string };
    const folder = join(temporary, "source");
    await cp(source, folder, { recursive: true });
    await makeWritable(folder);
    for (const [path, content] of Object.entries(added)) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    return folder;
  };
}

/** Generates an OpenTelemetry Collector from `builder.yaml`; its dependencies are those of the module. */
export const generateCollector: Source = async (module, temporary, environment) => {
  const folder = join(temporary, "source");
  await run(
    "go",
    [
      ...["tool", "builder", "--config=builder.yaml", `--output-path=${folder}`],
      ...["--skip-compilation", "--skip-get-modules"],
    ],
    { cwd: module, env: environment },
  );
  for (const file of ["go.mod", "go.sum"]) await copyFile(join(module, file), join(folder, file));
  return folder;
};

/** Folders of Go's module cache are read-only, so a copy could be neither changed nor removed. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}
