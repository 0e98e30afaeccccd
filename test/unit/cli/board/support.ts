import { boardOf, type Board } from "../../../../cli/board/data";
import type { Change } from "../../../../cli/board/changes";
import { linksOf } from "../../../../cli/board/links";
import type { FleetApp } from "../../../../cli/fleet/apps";
import { discover } from "../../../../cli/stacks/discover";
import { declared, now, Project, record, steady } from "../fleet/support";

const environments = ["dev", "gray", "online"];
const teams = ["commerce", "content", "payments"];
const people = ["Ann Lee", "Wang Wei", "Jan Novák"];

/** A project with apps in three environments, each in a different state. */
export function company(apps: string[]): Project {
  const project = new Project();
  for (const environment of environments) {
    project.stack(environment, {
      "platform:environment": environment,
      "platform:domain": "platform.example.com",
      "platform:appFiles": `apps/${environment}`,
      "platform:components": {
        gateway: { tls: { secret: "x" } },
        monitoring: {},
        logging: {},
        ci: {},
      },
    });
    const releases: Record<string, unknown> = {};
    apps.forEach((app, index) => {
      const canary = environment === "online" ? { canary: { version: "1.5.0", weight: 10 } } : {};
      const freeze =
        index % 5 === 4
          ? { freeze: { until: "2026-12-01T00:00:00Z", reason: "sale of the year" } }
          : {};
      project.app(
        `apps/${environment}/${app}.yaml`,
        declared({
          team: teams[index % teams.length],
          domain: `${app}.example.com`,
          ...(index % 3 === 0 ? canary : {}),
          ...freeze,
        }),
      );
      if (index % 3 === 0 && environment === "online") releases[app] = record();
      else if (index % 7 !== 6) releases[app] = steady();
    });
    project.recorded(environment, releases);
  }
  return project;
}

/** Returns the board of a project, with a simulated git history. */
export function boardIn(
  project: Project,
  drift: (app: FleetApp) => string[] | undefined = () => undefined,
): Board {
  const changes = new Map<string, Change[]>();
  const { apps, problems } = project.fleet();
  apps.forEach(({ file }, index) => {
    const by = people[index % people.length] ?? "";
    const day = String(1 + (index % 26)).padStart(2, "0");
    const at = `2026-11-${day}T09:30:00.000Z`;
    const subject = "Release it as a canary";
    changes.set(file, [
      { commit: "3f2c1a9d0e4b5a6c", by, at, subject, request: `!${100 + index}` },
    ]);
  });
  return boardOf(
    { apps, problems },
    environments,
    {
      changes,
      links: linksOf(discover(project.folder, "", project.folder)),
      drift,
      requestUrl: (request) =>
        `https://git.example.com/ops/platform/-/merge_requests/${request.slice(1)}`,
    },
    now,
  );
}
