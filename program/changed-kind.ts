import { isWorker } from "../config/app/kinds";
import { rolesText, type AppRecord, type Plan, type RefusedRule } from "../releases";

/**
 * Refuses a release of another kind than the running ones. The number of pods divides the work among a worker's
 * releases; the Services and the route divide the requests of a web app. An app cannot have some of each.
 */
export function changedKind({
  name: app,
  plan,
  record,
}: {
  name: string;
  plan: Plan;
  record?: AppRecord;
}): RefusedRule[] {
  const running = Object.values(record?.releases ?? {}).map(
    ({ template }) => record?.templates[template] ?? {},
  );
  const kinds = [...running, ...plan.releases.map(({ template }) => template)].map(kindOf);
  const [first = "web", ...others] = kinds;
  const other = others.find((kind) => kind !== first);
  if (other === undefined) return [];
  const roles = rolesText(plan.stable, plan.next.canary, plan.next.retained);
  return [
    {
      app,
      rule: "one-kind",
      message: `it is a ${first === "web" ? "web app" : first}, and a release of it would be a ${other === "web" ? "web app" : other}`,
      remedy: "keep kind as it is, or declare an app of another name",
      asked: roles,
      live: roles,
    },
  ];
}

function kindOf(template: { kind?: unknown }): "web" | "worker" {
  return isWorker(template) ? "worker" : "web";
}
