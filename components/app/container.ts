import type * as k8s from "@pulumi/kubernetes";
import {
  presetOf,
  type CronWork,
  type Preset,
  type Probe,
  type ReleaseTemplate,
  type Resources,
} from "../../config";
import { isWorker } from "../../config/app/kinds";
import { containerSecurityContext } from "../shared/pods";
import type { Mounts } from "./mounts";
import { secretName } from "./external-secrets";
import { httpPort, tmpSize } from "./preset";
import { withStorage } from "./storage";

/**
 * How long a pod continues to serve after its deletion has begun, until the gateway no longer sends requests to
 * it, seconds: Traefik applies changes at most every 2 s.
 */
export const deregistrationSeconds = 10;

/** Returns the image of a release. If it has a digest, the tag is only for people. */
export function imageOf(
  { image }: { image: string },
  version: string,
  digest: string | undefined,
): string {
  return digest === undefined ? `${image}:${version}` : `${image}:${version}@${digest}`;
}

/** The release that a container runs. */
interface Running {
  app: string;
  version: string;
  digest?: string;
  template: ReleaseTemplate;
}

/** Returns the app's own container. */
export function appContainer(release: Running, mounts: Mounts): k8s.types.input.core.v1.Container {
  const { template } = release;
  if (isWorker(template)) return workerContainer(release, mounts);
  const { start } = template.hooks;
  return {
    ...processOf(release, mounts),
    ports: [{ name: "http", containerPort: httpPort(template) }],
    ...probesOf(template),
    lifecycle: {
      ...(start === undefined ? {} : { postStart: { exec: { command: start } } }),
      preStop: preStop(template.hooks.stop),
    },
  };
}

/**
 * Returns the container of a worker. Nothing sends it requests: it gets SIGTERM immediately, and has only the
 * probes in its config. Its port, if it has one, does not have the name of a web app's port, to which the
 * gateway may connect.
 */
function workerContainer(release: Running, mounts: Mounts): k8s.types.input.core.v1.Container {
  const { command, port, probes = {}, hooks } = release.template;
  const { start, stop } = hooks;
  const own = (given: Probe | undefined) => given && probe(given, port);
  const lifecycle = {
    ...(start === undefined ? {} : { postStart: { exec: { command: start } } }),
    ...(stop === undefined ? {} : { preStop: { exec: { command: stop } } }),
  };
  return {
    ...processOf(release, mounts),
    ...(command === undefined ? {} : { command }),
    ...(port === undefined ? {} : { ports: [{ name: "worker", containerPort: port }] }),
    startupProbe: own(probes.startup),
    readinessProbe: own(probes.readiness),
    livenessProbe: own(probes.liveness),
    ...(Object.keys(lifecycle).length === 0 ? {} : { lifecycle }),
  };
}

/** Returns a container that runs a command of the release to completion. It has no probes. */
export function jobContainer(
  release: Running,
  { command, resources }: CronWork[string],
  mounts: Mounts,
): k8s.types.input.core.v1.Container {
  return { ...processOf(release, mounts, resources), command };
}

function processOf(
  { app, version, digest, template }: Running,
  { volumeMounts }: Mounts,
  resources: Resources = template.resources ?? presetOf(template).resources,
): k8s.types.input.core.v1.Container {
  return {
    name: app,
    image: imageOf(template, version, digest),
    env: environment({ app, version, template }, presetOf(template)),
    resources: withStorage(resources, {
      volumes: [tmpSize(template)],
      readOnly: template.readOnlyRootFilesystem,
    }),
    securityContext: securityContext(template),
    volumeMounts,
  };
}

/** Returns the security context of the app's container. */
export function securityContext(
  template: ReleaseTemplate,
): k8s.types.input.core.v1.SecurityContext {
  return {
    ...containerSecurityContext,
    readOnlyRootFilesystem: template.readOnlyRootFilesystem,
  };
}

/** Returns the three probes, each from the app's config or from its preset. */
export function probesOf(
  template: ReleaseTemplate,
): Pick<k8s.types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  const { startup, readiness, liveness } = presetOf(template).probes;
  const usual = (given: Probe) => probe(template.protocol === "h2c" ? byPort(given) : given);
  const own = (given: Probe | undefined, preset: Probe) =>
    given === undefined ? usual(preset) : probe(given);
  return {
    startupProbe: own(template.probes?.startup, startup),
    readinessProbe: own(template.probes?.readiness, readiness),
    livenessProbe: own(template.probes?.liveness, liveness),
  };
}

/** The kubelet's HTTP probes use HTTP/1.1, which a server for HTTP/2 only does not answer. */
function byPort({ path, ...rest }: Probe): Probe {
  return path === undefined ? rest : { ...rest, tcp: true };
}

function probe(
  { path, tcp, command, ...timing }: Probe,
  port: string | number = "http",
): k8s.types.input.core.v1.Probe {
  return {
    ...timing,
    ...(path === undefined ? {} : { httpGet: { path, port } }),
    ...(tcp === undefined ? {} : { tcpSocket: { port } }),
    ...(command === undefined ? {} : { exec: { command } }),
  };
}

/**
 * Keeps the pod serving until the gateway no longer sends requests to it. Then the app's own stop hook runs.
 */
export function preStop(stop: string[] | undefined): k8s.types.input.core.v1.LifecycleHandler {
  if (stop === undefined) return { sleep: { seconds: deregistrationSeconds } };
  // The hook is passed as arguments of the shell, so that the shell does not split or expand its words.
  const script = `sleep ${deregistrationSeconds} && exec "$@"`;
  return { exec: { command: ["/bin/sh", "-c", script, "stop", ...stop] } };
}

function environment(
  release: { app: string; version: string; template: ReleaseTemplate },
  preset: Preset,
): k8s.types.input.core.v1.EnvVar[] {
  const { template } = release;
  const { env, secretEnv } = template;
  // Variables of the app override the others by name, because a list may contain each name only once.
  const plain = Object.entries({ ...preset.env, ...tracing(release), ...env }).filter(
    ([name]) => !Object.hasOwn(secretEnv, name),
  );
  return [
    // First, as other variables and log paths may name it.
    { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ...plain.map(([name, value]) => ({ name, value })),
    ...Object.entries(secretEnv).map(([name, { secret, key }]) => ({
      name,
      valueFrom: { secretKeyRef: { name: secretName(release.app, template, secret), key } },
    })),
  ];
}

/** Variables that every OpenTelemetry SDK and agent reads. An app without one ignores them. */
function tracing({
  app,
  version,
  template: { tracesEndpoint },
}: {
  app: string;
  version: string;
  template: ReleaseTemplate;
}): Record<string, string> {
  if (tracesEndpoint === undefined) return {};
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: tracesEndpoint,
    // Some SDKs would speak gRPC, which has a port of its own.
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_SERVICE_NAME: app,
    OTEL_RESOURCE_ATTRIBUTES: `service.version=${version}`,
  };
}
