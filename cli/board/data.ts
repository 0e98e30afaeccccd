import type { Fleet, FleetApp } from "../fleet/apps";
import type { GroupState } from "../fleet/groups";
import { requestUrl, type Change, type Changes } from "./changes";
import type { Link } from "./links";
import { statesOf, type Drift, type State } from "./state";

/** An app as the board shows it. */
export interface BoardApp {
  app: FleetApp;
  states: State[];
  drift: Drift;
  /** The release groups that contain the app, with their states. */
  groups: GroupState[];
  /** Changes of the app's file, the latest first. */
  changes: { change: Change; url?: string }[];
  links: Link[];
}

/** Everything that the board shows. */
export interface Board {
  environments: string[];
  apps: BoardApp[];
  problems: string[];
  at: Date;
}

/** Sources of the board in addition to the files and the records. */
export interface Sources {
  changes: Changes;
  links: (app: FleetApp) => Link[];
  /** Returns where the cluster differs from the record of an app; undefined if it was not checked. */
  drift: (app: FleetApp) => Drift;
  /** States of the release groups of all platforms. */
  groups?: GroupState[];
  requestUrl?: typeof requestUrl;
}

/** Returns the board of some environments: their apps with everything that is known about them. */
export function boardOf(
  { apps, problems }: Fleet,
  environments: string[],
  { changes, links, drift, groups = [], requestUrl: urlOf = requestUrl }: Sources,
  at: Date,
): Board {
  const urls = new Map<string, string | undefined>();
  const shown = apps.filter(({ environment }) => environments.includes(environment));
  return {
    environments,
    problems,
    at,
    apps: shown.map((app) => ({
      app,
      states: statesOf(app, drift(app), groupsOf(app)),
      groups: groupsOf(app),
      drift: drift(app),
      changes: (changes.get(app.file) ?? []).map((change) => ({ change, url: addressOf(change) })),
      links: links(app),
    })),
  };

  function groupsOf({ app, stack }: FleetApp): GroupState[] {
    return groups.filter(({ members }) =>
      members.some((member) => member.app === app && member.stack === stack),
    );
  }

  function addressOf({ request }: Change): string | undefined {
    if (request === undefined) return undefined;
    if (!urls.has(request)) urls.set(request, urlOf(request));
    return urls.get(request);
  }
}
