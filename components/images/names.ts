import type { Runtime } from "../../versions/runtimes";

/** Harbor project of the base images. */
const templateProject = "template";

/** Returns `registry/template/<runtime>:<version>`, the name of a base image. */
export function baseImageName(
  registry: string,
  { name, version }: Pick<Runtime, "name" | "version">,
): string {
  return `${registry}/${templateProject}/${name}:${version}`;
}
