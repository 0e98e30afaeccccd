import type { PackageDeclaration } from "../../components/charts";
import { InvalidConfig, ProgramError, type StackConfig } from "../../config";
import type { ConfigError } from "../../config/errors";
import { packageEntries, type PackageEntry } from "./entries";
import { readObjects } from "./lock";
import { checkObjects } from "./problems";
import { routedHosts, takenHosts, type RoutedHost } from "./routes";

/** A package, with the hosts that its routes serve. */
export interface RoutedPackage extends PackageDeclaration {
  hosts: RoutedHost[];
}

/**
 * Reads and checks all charts and manifests of a stack before anything is declared.
 * @throws InvalidConfig with every error, each with its key.
 */
export function packagesOf(stack: string, config: StackConfig, folder = "."): RoutedPackage[] {
  const errors: ConfigError[] = [];
  const packages = packageEntries(stack, config).map((entry): RoutedPackage => {
    const { objects, problems } = objectsOf(entry, folder);
    errors.push(...problems);
    const hosts = [...new Set(objects.flatMap(routedHosts))].map((host) => ({
      key: entry.key,
      host,
    }));
    const { team, network = closed, formerly } = entry.place;
    const { name, namespace, level } = entry;
    const own = { namespace, podSecurity: level, network };
    return team === undefined
      ? { name, hosts, args: { objects, formerly, own } }
      : { name, hosts, team, args: { objects, formerly } };
  });
  const routed = packages.flatMap(({ hosts }) => hosts);
  errors.push(...takenHosts(stack, config, routed, folder));
  if (errors.length > 0) throw new InvalidConfig(stack, errors);
  return packages;
}

const closed = { ingress: [], egress: [], apiServer: false };

function objectsOf(entry: PackageEntry, folder: string) {
  try {
    return checkObjects(entry, readObjects(entry, folder));
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return { objects: [], problems: [{ key: entry.key, message: error.message }] };
  }
}
