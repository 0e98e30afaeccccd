import type { PackageOf } from "../../components/charts";
import { InvalidConfig, ProgramError, type StackConfig } from "../../config";
import type { ConfigError } from "../../config/errors";
import { broughtIn, type Brought } from "./brought";
import { readObjects } from "./lock";
import { checkObjects } from "./problems";

/**
 * Reads and checks all charts and manifests of a stack before anything is declared.
 * @throws InvalidConfig with every error, each with its key.
 */
export function packagesOf(stack: string, config: StackConfig, folder = "."): PackageOf[] {
  const errors: ConfigError[] = [];
  const packages = broughtIn(stack, config).map((brought): PackageOf => {
    const { objects, problems } = objectsOf(brought, folder);
    errors.push(...problems);
    const { team, network = closed, formerly } = brought.place;
    const { name, namespace, level } = brought;
    return team === undefined
      ? { name, args: { objects, formerly, own: { namespace, podSecurity: level, network } } }
      : { name, team, args: { objects, formerly } };
  });
  if (errors.length > 0) throw new InvalidConfig(stack, errors);
  return packages;
}

const closed = { ingress: [], egress: [], apiServer: false };

function objectsOf(brought: Brought, folder: string) {
  try {
    return checkObjects(brought, readObjects(brought, folder));
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return { objects: [], problems: [{ key: brought.key, message: error.message }] };
  }
}
