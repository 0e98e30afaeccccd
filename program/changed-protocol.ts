import { rolesText, type Plan, type RefusedRule } from "../releases";

/**
 * Refuses a release with another protocol than the running ones. A Service states the protocol of its port.
 * While it moves from one release to another, the gateway would use HTTP/2 for pods that support only HTTP/1.1.
 */
export function changedProtocol({ name: app, plan }: { name: string; plan: Plan }): RefusedRule[] {
  const spoken = plan.releases.map(({ key, template }) => ({
    key,
    protocol: protocolOf(template),
  }));
  const stable = spoken.find(({ key }) => key === plan.stable);
  const other = spoken.find(({ protocol }) => protocol !== stable?.protocol);
  if (stable === undefined || other === undefined) return [];
  const roles = rolesText(plan.stable, plan.next.canary, plan.next.retained);
  return [
    {
      app,
      rule: "one-protocol",
      message: `${other.key} speaks ${other.protocol}, and ${stable.key} ${stable.protocol}`,
      remedy:
        "keep protocol as it is, or declare an app of another name and host for the other one",
      asked: roles,
      live: roles,
    },
  ];
}

function protocolOf({ protocol }: { protocol?: unknown }): string {
  return typeof protocol === "string" ? protocol : "http";
}
