import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ProgramError } from "../config";
import { errorList, expected, show, type ConfigError } from "../config/errors";
import { findUnusableKeys } from "../config/unusable-keys";
import { insideProblem } from "../config/inside";
import { isMap } from "../config/is-map";
import { configErrors } from "../config/issues";
import { readYaml } from "../config/yaml";
import { machineErrors } from "./checks/machines";
import { networkErrors } from "./checks/network";
import { settingErrors } from "./checks/settings";
import { stackErrors } from "./checks/stacks";
import { clustersFolder } from "./clusters";
import { clusterSchema, type ClusterFile } from "./schema";

/** A cluster according to its file. */
export interface Cluster extends ClusterFile {
  /** Name of its file without `.yaml`. */
  name: string;
  /** Certificates of `runtime.authorities` as PEM, if there are any. */
  authorities?: string;
}

/** All errors of a cluster's file in one exception. */
export class InvalidCluster extends ProgramError {
  constructor(
    file: string,
    readonly errors: readonly ConfigError[],
  ) {
    super(errorList(file, errors, "nothing was written"));
    this.name = "InvalidCluster";
  }
}

/**
 * Reads and checks a cluster's file.
 * @param folder the project's folder, to which the paths of files are relative.
 * @throws InvalidCluster with every error, each with its key.
 */
export function readCluster(name: string, folder = "."): Cluster {
  const file = `${clustersFolder}/${name}.yaml`;
  const path = join(folder, file);
  if (!/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name) || !existsSync(path)) {
    const known = clusterNames(folder).join(", ") || "there is none";
    throw new ProgramError(`${expected("the name of a cluster", show(name))}: ${known}`);
  }
  return parseCluster(name, readYaml(path).document.toJS({ maxAliasCount: 100 }), folder);
}

/**
 * Checks the content of a cluster's file.
 * @throws InvalidCluster with every error, each with its key.
 */
export function parseCluster(name: string, given: unknown, folder = "."): Cluster {
  const file = `${clustersFolder}/${name}.yaml`;
  // The schema refuses values that are not mappings.
  const unfit = isMap(given) ? findUnusableKeys(root, given) : [];
  if (unfit.length > 0) throw new InvalidCluster(file, unfit.map(withoutRoot));
  const parsed = clusterSchema.safeParse(given, { reportInput: true });
  if (!parsed.success) {
    const errors = configErrors(root, clusterSchema, parsed.error.issues, given);
    throw new InvalidCluster(file, errors.map(withoutRoot));
  }
  const cluster = { name, ...parsed.data };
  const { text, error } = authoritiesOf(cluster, folder);
  const errors = [
    ...networkErrors(cluster),
    ...machineErrors(cluster),
    ...settingErrors(cluster),
    ...(error === undefined ? [] : [error]),
    ...stackErrors(cluster, folder),
  ];
  if (errors.length > 0) throw new InvalidCluster(file, errors);
  return text === undefined ? cluster : { ...cluster, authorities: text };
}

/** Returns the names of the clusters that have a file. */
export function clusterNames(folder = "."): string[] {
  const clusters = join(folder, clustersFolder);
  if (!existsSync(clusters)) return [];
  return readdirSync(clusters)
    .filter((entry) => entry.endsWith(".yaml"))
    .map((entry) => entry.slice(0, -".yaml".length))
    .sort();
}

const root = "cluster:";

function withoutRoot({ key, message }: ConfigError): ConfigError {
  return { key: key === root ? "the file" : key.slice(root.length), message };
}

/**
 * Returns the certificates that every machine trusts. A private key in the file is refused, because it would be
 * copied to every machine.
 */
function authoritiesOf(
  { runtime }: ClusterFile,
  folder: string,
): { text?: string; error?: ConfigError } {
  const file = runtime.authorities;
  if (file === undefined) return {};
  const key = "runtime.authorities";
  const fail = (what: string, next?: string) => ({
    error: { key, message: expected(what, show(file), next) },
  });
  if (file.startsWith("/") || file.split("/").includes(".."))
    return fail("a path below the project's folder");
  if (!existsSync(join(folder, file))) return fail("a file that exists");
  if (insideProblem(file, ".", folder) !== undefined)
    return fail("a file of the project, not a link out of it");
  const text = readFileSync(join(folder, file), "utf8");
  if (text.includes("PRIVATE KEY")) {
    return fail(
      "certificates only",
      "the file has a private key: remove it, and treat the key as known",
    );
  }
  if (!text.includes("-----BEGIN CERTIFICATE-----")) return fail("a file of certificates (PEM)");
  return { text: text.endsWith("\n") ? text : `${text}\n` };
}
