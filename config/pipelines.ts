import type { DeclaredApp } from "./app";
import {
  buildOf,
  runtimeOfPreset,
  type AgentName,
  type AppRuntimeKey,
  type BuildTool,
} from "../versions/app-runtimes";
import type { StackConfig } from "./stack";

/** The values of an app that its pipeline needs. */
export interface Pipeline {
  /** Team that owns the app. The pipeline is in its folder. */
  team: string;
  /** Host name of the app, which is also its project in the registry. */
  domain: string;
  /** Git repository of the app. Default: none; versions are then existing images. */
  repository?: string;
  /** Base image that its Dockerfile is built from, for example `node:24.18.0`. Default: none. */
  runtime?: AppRuntimeKey;
  /** Agent that builds the app before its image. Default: only the Dockerfile is built. */
  agent?: AgentName;
  /** Build tool that runs in the agent. Default: none. */
  build?: BuildTool;
}

/** Groups of a team, by their permissions in its pipelines. */
export interface PipelineGroups {
  /** Can see builds and their logs. */
  view: string[];
  /** Can also start and stop builds. */
  build: string[];
}

/** Returns the stack's apps for continuous integration, including those before their first release. */
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

/**
 * Returns the groups of every team that has pipelines: those in `tenancy`, or the group with the team's name.
 */
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

/** Returns the pipeline of one app. */
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
