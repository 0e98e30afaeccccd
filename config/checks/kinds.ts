import { calleeOf } from "../app/calls";
import { isWorker } from "../app/kinds";
import { expected, keyOf, show, type ConfigError } from "../errors";
import type { Apps, ParsedSections } from "./sections";

type App = Apps[number][1];

/** Checks for keys that a web app requires and a worker cannot have, and the reverse. */
export function kindChecks(apps: Apps, { releases }: ParsedSections): ConfigError[] {
  return [
    ...apps.flatMap(([name, app]) =>
      isWorker(app)
        ? [
            ...portProbes(name, app),
            ...metricsPort(name, app),
            ...shortDeadline(name, app),
            ...uncheckableCanary(name, app, releases),
            ...serviceQueries(name, app),
          ]
        : missingDomain(name, app),
    ),
    ...calledWorkers(apps),
    ...takenQueries(apps, releases),
  ];
}

function at(app: string, ...path: (string | number)[]): string {
  return keyOf("platform:apps", [app, ...path]);
}

function missingDomain(name: string, { domain }: App): ConfigError[] {
  if (domain !== undefined) return [];
  const what = "a host name in lower case, for example shop.example.com";
  return [{ key: at(name, "domain"), message: expected(what, "nothing", "or set kind: worker") }];
}

/** Checks that the kubelet knows the port of each probe. */
function portProbes(name: string, { port, probes = {} }: App): ConfigError[] {
  if (port !== undefined) return [];
  return Object.entries(probes).flatMap(([probe, { path, tcp }]) => {
    if (path === undefined && tcp === undefined) return [];
    const key = path === undefined ? "tcp" : "path";
    const message = expected(
      "a port of the worker for the probe",
      "none",
      `set ${at(name, "port")}, or use command`,
    );
    return [{ key: at(name, "probes", probe, key), message }];
  });
}

function metricsPort(name: string, { port, metrics }: App): ConfigError[] {
  if (metrics === undefined || (metrics.port ?? port) !== undefined) return [];
  const message = expected("a port from 1024 to 65535", "nothing", "a worker has no default");
  return [{ key: at(name, "metrics", "port"), message }];
}

/**
 * Minimum deadline of a worker without a readiness probe, seconds. Each pod must run for 10 seconds, and the
 * deadline must be longer, including the time to schedule the pod and to pull the image.
 */
const shortestDeadline = 30;

function shortDeadline(name: string, { probes, progressDeadlineSeconds }: App): ConfigError[] {
  const isLong =
    progressDeadlineSeconds === undefined || progressDeadlineSeconds >= shortestDeadline;
  if (probes?.readiness !== undefined || isLong) return [];
  const message = expected(
    `at least ${shortestDeadline} seconds, because each pod of a worker without a readiness probe must run for 10 seconds before it counts`,
    show(progressDeadlineSeconds),
    `raise it, or set ${at(name, "probes", "readiness")}`,
  );
  return [{ key: at(name, "progressDeadlineSeconds"), message }];
}

/**
 * Checks that a canary of a worker can be checked: without requests there are no errors and no latency, and
 * restarts alone prove nothing.
 */
function uncheckableCanary(
  name: string,
  { check, steps }: App,
  releases: ParsedSections["releases"],
): ConfigError[] {
  if (Object.keys(check?.queries ?? {}).length > 0) return [];
  const required = releases?.forcedCanary === true && releases.checkRequired;
  const reason = steps?.check === true ? "steps.check" : required && "releases.checkRequired";
  if (reason === false) return [];
  const what = "at least one query, because a worker has no requests to check its canary with";
  const next =
    reason === "steps.check"
      ? "add one, or set steps.check: false"
      : "add one, or set platform:releases.checkRequired: false";
  return [{ key: at(name, "check", "queries"), message: expected(what, "none", next) }];
}

function serviceQueries(name: string, { check }: App): ConfigError[] {
  return Object.entries(check?.queries ?? {}).flatMap(([query, { query: text }]) =>
    /\$service\b/.test(text)
      ? [
          {
            key: at(name, "check", "queries", query, "query"),
            message: expected(
              "a query without $service, because a worker has no Service",
              show(text),
              "use $release",
            ),
          },
        ]
      : [],
  );
}

function calledWorkers(apps: Apps): ConfigError[] {
  const workers = new Set(
    apps.filter(([, app]) => isWorker(app)).map(([name, { team }]) => `${team}/${name}`),
  );
  return apps.flatMap(([name, { team, calls }]) =>
    calls.flatMap((call, index) => {
      const callee = calleeOf(call, team);
      if (!workers.has(`${callee.team}/${callee.app}`)) return [];
      const what = "an app that takes requests";
      const message = expected(what, `${show(call)}, which is a worker`);
      return [{ key: at(name, "calls", index), message }];
    }),
  );
}

/** Checks that an app adds queries to those of the stack, and does not replace any. */
function takenQueries(apps: Apps, releases: ParsedSections["releases"]): ConfigError[] {
  const common = releases?.check.queries ?? {};
  return apps.flatMap(([name, app]) =>
    // The stack's queries do not apply to a worker.
    Object.keys(isWorker(app) ? {} : (app.check?.queries ?? {}))
      .filter((query) => Object.hasOwn(common, query))
      .map((query) => ({
        key: at(name, "check", "queries", query),
        message: expected(
          "another name",
          `${show(query)}, which platform:releases.check.queries already uses`,
        ),
      })),
  );
}
