import type { PlaceConfig } from "../components/charts";
import { duplicates, expected, keyOf, listed, show, taken, type ConfigError } from "../errors";
import { namespaceOf } from "../teams";
import type { ParsedSections } from "./sections";
import { ofKubernetes, partNamespaces } from "./tenancy";

const root = "platform:components";

/** Errors of charts and manifests: a team that does not exist, or a namespace that is already used. */
export function chartChecks(stack: ParsedSections): ConfigError[] {
  const { components, environment } = stack;
  if (components === undefined || environment === undefined) return [];
  const places = (["charts", "manifests"] as const).flatMap((kind) =>
    Object.entries(components[kind] ?? {}).map(([name, place]): Place => ({
      name,
      key: keyOf(root, [kind, name]),
      place,
    })),
  );
  const names = places.map(({ key, name }): [string, string] => [key, name]);
  return [
    ...duplicates([...names, ...places.flatMap(former)], "a name of a chart or of manifests"),
    ...places.flatMap(missingFormerNamespace),
    ...places.flatMap((it) => unknownTeam(it, components.tenancy?.teams ?? {})),
    ...takenNamespaces(places, { components, environment, branch: stack.branch }),
  ];
}

interface Place {
  name: string;
  key: string;
  place: PlaceConfig;
}

/** A former name that another entry has would give this entry the objects of the other one. */
function former({ key, place: { formerly } }: Place): [key: string, value: string][] {
  return formerly === undefined ? [] : [[`${key}.formerly`, formerly]];
}

/** The namespace of an entry is named after it, so another name would move all of its objects. */
function missingFormerNamespace({ key, place }: Place): ConfigError[] {
  const { formerly, team, namespace } = place;
  if (formerly === undefined || team !== undefined || namespace !== undefined) return [];
  const next = `without it, the objects move to another namespace; by default, the former one is ${formerly}`;
  return [
    { key: `${key}.namespace`, message: expected("a namespace next to formerly", "nothing", next) },
  ];
}

function unknownTeam({ key, place: { team } }: Place, teams: object): ConfigError[] {
  if (team === undefined || Object.hasOwn(teams, team)) return [];
  const known = listed(Object.keys(teams).sort());
  const message = expected(`a team of ${root}.tenancy.teams (${known})`, show(team));
  return [{ key: `${key}.team`, message }];
}

function takenNamespaces(places: Place[], rules: Parameters<typeof namespaceOf>[1]): ConfigError[] {
  const owners = partNamespaces();
  for (const team of Object.keys(rules.components.tenancy?.teams ?? {})) {
    owners.set(namespaceOf(team, rules), keyOf(root, ["tenancy", "teams", team]));
  }
  return places.flatMap(({ name, key, place }) => {
    if (place.team !== undefined) return [];
    const namespace = place.namespace ?? name;
    const owner = ofKubernetes(namespace) ?? owners.get(namespace);
    if (owner === undefined) {
      owners.set(namespace, key);
      return [];
    }
    return [{ key: `${key}.namespace`, message: taken("a namespace", show(namespace), owner) }];
  });
}
