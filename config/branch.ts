import { createHash } from "node:crypto";
import { calleeOf, type Callee } from "./app/calls";
import { own } from "./own";
import type { StackConfig } from "./stack";

/** A team's name, the environment and this fit into a namespace's 63 characters. */
const longestSlug = 15;
const hashLength = 8;

/**
 * A branch's name as part of a namespace or a host name. One that is too long, or has other letters
 * than such names may, is cut and ends with a hash of the whole, so that no two branches share one.
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
 * A stack as its branch's own environment beside the common one: apps under host names of their own
 * (`<branch>-<host>`, which a wildcard certificate still covers), without fixed ports, which the
 * common environment has, and scaled by CPU and memory only, as KEDA is the common environment's.
 * They call only apps of the branch past the gateway: policies elsewhere are the common environment's.
 * Its namespaces get the branch's name in `namespaceOf`.
 */
export function branched(stack: StackConfig): StackConfig {
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
  return (own(apps, app) ?? own(unreleased, app))?.team === team;
}
