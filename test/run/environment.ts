import { delimiter, join } from "node:path";
import { checkout } from "../../local/toolchain/paths";

/** Returns an environment in which the commands of the project's packages are found by name. */
export function withPackages(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const commands = join(checkout, "node_modules", ".bin");
  return { ...environment, PATH: `${commands}${delimiter}${environment.PATH ?? ""}` };
}
