import { run } from "./run";

/**
 * The folder of a Go module's source, fetched if it must be. It comes verified by its checksum in
 * Go's public log.
 */
export async function moduleFolder(module: string, version: string): Promise<string> {
  const text = await run("go", ["mod", "download", "-json", `${module}@${version}`]);
  const { Dir: directory } = JSON.parse(text) as { Dir: string };
  return directory;
}
