import { namespaceOf, lookup, type NamespaceRules, type StackConfig } from "../config";
import { calleeOf } from "../config/app/calls";
import { otherApps } from "./other-apps";

type Apps = Pick<StackConfig, "apps" | "unreleased" | "platformStack">;

/** An app that is called, and its namespaces. */
interface Called {
  name: string;
  team: string;
  /** Namespace that its objects leave. */
  from: string;
}

/**
 * Returns the apps that call an app without the gateway, in its own stack and in others on the same platform,
 * as `<team>/<app>`. A call may name the app's former team.
 * @param stackName without organization and project.
 * @param folder folder of the project's stack files.
 */
export function callersOf(
  { name, team, from }: Called,
  stackName: string,
  stack: Apps & NamespaceRules,
  folder = ".",
): string[] {
  const isMeant = (call: string, callersTeam: string): boolean => {
    const callee = calleeOf(call, callersTeam);
    const isTeam = callee.team === team || namespaceOf(callee.team, stack) === from;
    return callee.app === name && isTeam;
  };
  const { platformStack } = stack;
  const words = new Set([name]);
  const others = otherApps({ name: stackName, platformStack, folder, words });
  const all: [app: string, given: Record<string, unknown>][] = [
    ...Object.entries({ ...stack.apps, ...stack.unreleased }),
    ...others.map(({ app, given }): [string, Record<string, unknown>] => [app, given]),
  ];
  const callers = all.flatMap(([app, given]) => {
    const [callersTeam, calls] = [lookup(given, "team"), lookup(given, "calls")];
    if (typeof callersTeam !== "string" || !Array.isArray(calls)) return [];
    const texts = calls.filter((call) => typeof call === "string");
    return texts.some((call) => isMeant(call, callersTeam)) ? [`${callersTeam}/${app}`] : [];
  });
  return [...new Set(callers)].sort();
}
