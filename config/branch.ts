import { createHash } from "node:crypto";
import { calleeOf, type Callee } from "./app/calls";
import { lookup } from "./lookup";
import type { StackConfig } from "./stack";

/**
 * The names of the team and the environment and this text fit together into the 63 characters of a namespace.
 */
const longestSlug = 15;
const hashLength = 8;

/**
 * Returns a branch's name as part of a namespace or a host name. A name that is too long, or that contains
 * characters which such names cannot have, is cut and ends with a hash of the whole name, so that no two
 * branches get the same text.
 */
export function branchSlug(branch: string): string {
  const plain = branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  if (plain === branch && plain.length <= longestSlug) return plain;
  const hash = createHash("sha256").update(branch).digest("hex").slice(0, hashLength);
  const start = plain.slice(0, longestSlug - hashLength - 1).replace(/-$/, "");
  return start === "" ? hash : `${start}-${hash}`;
}

/**
 * Returns a stack as the environment of a branch next to the shared environment. Its apps have their own host
 * names (`<branch>-<host>`, which a wildcard certificate still covers). They have no fixed ports, because the
 * shared environment uses them. They scale by CPU and memory only, because KEDA belongs to the shared
 * environment. Without the gateway, they can call only apps of the same branch, because the policies of other
 * namespaces belong to the shared environment. `namespaceOf` adds the branch's name to its namespaces.
 */
export function branchStack(stack: StackConfig): StackConfig {
  if (stack.branch === undefined) return stack;
  const slug = branchSlug(stack.branch);
  const apps = Object.entries(stack.apps).map(([name, app]) => [
    name,
    {
      ...app,
      domain: app.domain && `${slug}-${app.domain}`,
      hosts: app.hosts.map((host) => `${slug}-${host}`),
      number: undefined,
      calls: app.calls.filter((call) => isDeclared(calleeOf(call, app.team), stack)),
      scaling: { ...app.scaling, requestsPerSecond: undefined, queries: {}, times: [] },
    },
  ]);
  return { ...stack, apps: Object.fromEntries(apps) as StackConfig["apps"] };
}

function isDeclared({ team, app }: Callee, { apps, unreleased }: StackConfig): boolean {
  return (lookup(apps, app) ?? lookup(unreleased, app))?.team === team;
}
