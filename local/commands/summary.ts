/** Facts of an app in the stack's outputs. */
export interface AppFacts {
  /** A worker has none. */
  url?: string;
  namespace: string;
  traffic: { release: string; role: string; version: string; weight: number }[];
}

/**
 * Returns what `npx platform local up` prints at its end: the apps, their releases, and what to do next.
 * @param configFile path of the stack's config in the project. Default: the one that the engine finds by the stack's name.
 */
export function describeStack(
  stack: string,
  context: string,
  apps: Readonly<Record<string, AppFacts>>,
  configFile?: string,
): string {
  const file = configFile ?? `Pulumi.${stack}.yaml`;
  const option = configFile === undefined ? "" : ` --config-file ${configFile}`;
  const lines = Object.entries(apps).flatMap(([name, { url, namespace, traffic }]) => [
    `  ${name} in ${namespace}${url === undefined ? "" : `, ${url}`}`,
    ...traffic.map(
      ({ release, role, weight }) => `    ${release.padEnd(24)} ${role.padEnd(9)} ${weight}%`,
    ),
  ]);
  return [
    "",
    `Stack ${stack} is up on the cluster of context ${context}.`,
    "",
    ...lines,
    "",
    'Work on it:       eval "$(npx platform local env)"',
    "See what runs:    kubectl get deploy -A",
    `Preview a change: edit ${file}, then pulumi preview -s ${stack}${option}`,
    "Stop:             npx platform local down",
  ].join("\n");
}
