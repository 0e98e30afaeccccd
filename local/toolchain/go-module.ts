import { run } from "./run";

/**
 * Returns the source folder of a Go module, downloaded if necessary. It is verified by its checksum in Go's public log.
 */
export async function moduleFolder(module: string, version: string): Promise<string> {
  const text = await run("go", ["mod", "download", "-json", `${module}@${version}`]);
  const { Dir: directory } = JSON.parse(text) as { Dir: string };
  return directory;
}
