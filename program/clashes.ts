import { rolesText, type Plan, type RefusedRule } from "../releases";

/**
 * Finds releases of different apps whose objects would have the same name, for example release 4.2 of app
 * `shop-1` and release 1.4.2 of app `shop`: both would be `shop-1-4-2`.
 */
export function clashesBetweenApps(planned: { name: string; plan: Plan }[]): RefusedRule[] {
  const owners = new Map<string, { app: string; key: string }>();
  return planned.flatMap(({ name: app, plan }) =>
    plan.releases.flatMap(({ name, key }) => {
      const owner = owners.get(name);
      if (owner === undefined) {
        owners.set(name, { app, key });
        return [];
      }
      const roles = rolesText(plan.stable, plan.next.canary, plan.next.retained);
      return [
        {
          app,
          rule: "names-clash" as const,
          message: `the objects of release ${key} would be named ${name}, like those of release ${owner.key} of app ${owner.app}`,
          remedy: "choose another version, for example with the prefix v",
          asked: roles,
          live: roles,
        },
      ];
    }),
  );
}
