import { existsSync } from "node:fs";
import { isIPv4 } from "node:net";
import { isDeepStrictEqual } from "node:util";
import { parseStack, type StackConfig } from "../../config";
import { expected, listed, show, type ConfigError } from "../../config/errors";
import { lookup } from "../../config/lookup";
import { stackFile, stackFileConfig, stacks } from "../../config/stack-file";
import { platformValues } from "../../config/yaml";
import type { ClusterFile } from "../schema";
import { controlPlaneOf } from "../schema/machines";
import { minorOf } from "../schema/version";

/**
 * Returns errors between a cluster and the stacks that it is for.
 * @throws InvalidConfig if a stack's own config has errors.
 */
export function stackErrors(cluster: ClusterFile, folder: string): ConfigError[] {
  const errors: ConfigError[] = [];
  const claimed = new Set<string>();
  cluster.stacks.forEach((stack, index) => {
    if (!existsSync(stackFile(stack, folder))) {
      const message = expected(`one of the stacks (${listed(stacks(folder))})`, show(stack));
      errors.push({ key: `stacks[${index}]`, message });
      return;
    }
    const given = platformValues(stackFileConfig(stack, folder));
    const config = parseStack(stack, given, undefined, folder);
    for (const name of Object.keys(config.nodeGroups)) claimed.add(name);
    errors.push(...groups(cluster, stack, config), ...versions(cluster, stack, config));
    errors.push(...etcd(cluster, stack, config));
  });
  if (cluster.stacks.length === 0 || errors.some(({ key }) => key.startsWith("stacks")))
    return errors;
  const strangers = Object.keys(cluster.groups).filter((name) => !claimed.has(name));
  for (const name of strangers) {
    const what = `a group of platform:nodeGroups of ${listed(cluster.stacks)}`;
    errors.push({
      key: `groups.${name}`,
      message: expected(what, show(name), "add it there, or remove it"),
    });
  }
  return errors;
}

/** A group of a stack must have the same labels here, and at least one machine. */
function groups({ groups: here }: ClusterFile, stack: string, config: StackConfig): ConfigError[] {
  return Object.entries(config.nodeGroups).flatMap(([name, group]) => {
    const found = lookup(here, name);
    const key = `groups.${name}`;
    if (found === undefined) {
      const what = `group ${name}, which platform:nodeGroups of stack ${stack} has`;
      return [{ key, message: expected(what, "nothing", "add it, and set it on machines") }];
    }
    if (isDeepStrictEqual(found, group)) return [];
    const what = `the group in platform:nodeGroups.${name} of stack ${stack}, ${show(group)}`;
    return [{ key, message: expected(what, show(found)) }];
  });
}

/** During an upgrade, a stack may still name the version of control-plane machines that are not upgraded yet. */
function versions(file: ClusterFile, stack: string, { cluster }: StackConfig): ConfigError[] {
  const running = controlPlaneOf(file).map(([, machine]) => machine.version ?? file.version);
  const known = [...new Set([file.version, ...running].map(minorOf))];
  if (cluster.version === undefined || known.includes(cluster.version)) return [];
  const what = `a version ${cluster.version}, like platform:cluster.version of stack ${stack}`;
  return [{ key: "version", message: expected(what, show(file.version), "change both together") }];
}

/** The member of etcd that the stack backs up must be one of this cluster. */
function etcd(
  { machines }: ClusterFile,
  stack: string,
  { components }: StackConfig,
): ConfigError[] {
  const endpoint = components.backup?.etcd?.endpoint;
  if (endpoint === undefined) return [];
  const host = new URL(endpoint).hostname;
  const members = controlPlaneOf({ machines }).map(([, machine]) => machine);
  if (!isIPv4(host) || members.some(({ address }) => address === host)) return [];
  const what = `a control-plane machine with ${host}, which platform:components.backup.etcd.endpoint of stack ${stack} names`;
  return [
    { key: "machines", message: expected(what, listed(members.map(({ address }) => address))) },
  ];
}
