import type { DeclaredApp } from "./app";
import {
  buildOf,
  runtimeOfPreset,
  type AgentName,
  type AppRuntimeKey,
  type BuildTool,
} from "../versions/app-runtimes";
import type { StackConfig } from "./stack";

/** An app as its pipeline needs it. */
export interface Pipeline {
  team: string;
  domain: string;
  repository?: string;
  /** Base image that its Dockerfile is built from, for example `node:24.18.0`. */
  runtime?: AppRuntimeKey;
  /** Agent that builds the app before its image is made, and what it builds with. */
  agent?: AgentName;
  build?: BuildTool;
}

/** Groups of a team, by what they may do with its pipelines. */
export interface PipelineGroups {
  /** See builds and their logs. */
  view: string[];
  /** Start and stop builds as well. */
  build: string[];
}

/** The stack's apps, also those before their first release, as continuous integration sees them. */
export function pipelinesOf({
  apps,
  unreleased,
}: Pick<StackConfig, "apps" | "unreleased">): Record<string, Pipeline> {
  return Object.fromEntries(
    Object.entries({ ...apps, ...unreleased }).flatMap(([name, { domain, ...app }]) =>
      // Images are named after a domain; a worker runs an image of another app.
      domain === undefined ? [] : [[name, pipelineOf({ ...app, domain })] as const],
    ),
  );
}

/** Groups of every team that has pipelines: its tenancy's, or the group of its own name. */
export function pipelineGroupsOf(
  { components }: Pick<StackConfig, "components">,
  pipelines: Record<string, Pick<Pipeline, "team">>,
): Record<string, PipelineGroups> {
  const teams = [...new Set(Object.values(pipelines).map(({ team }) => team))].sort();
  return Object.fromEntries(
    teams.map((team) => {
      const groups = components.tenancy?.teams[team]?.groups;
      if (groups === undefined) return [team, { view: [], build: [team] }];
      return [team, { view: groups.view, build: [...groups.release, ...groups.admin] }];
    }),
  );
}

/** The pipeline of one app. */
export function pipelineOf({
  team,
  domain,
  repository,
  preset,
  ...app
}: Pick<DeclaredApp, "team" | "repository" | "preset" | "runtime"> & { domain: string }): Pipeline {
  const runtime = app.runtime ?? (preset && runtimeOfPreset(preset));
  return { team, domain, repository, runtime, ...(runtime && buildOf(runtime)) };
}
