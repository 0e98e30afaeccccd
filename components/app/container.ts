import type * as k8s from "@pulumi/kubernetes";
import { presetOf, type Preset, type Probe, type ReleaseTemplate } from "../../config";
import { containerSecurityContext } from "../shared/pods";
import type { Mounts } from "./mounts";
import { httpPort, tmpSize } from "./preset";
import { withStorage } from "./storage";

/**
 * Seconds that a pod goes on serving after it was told to stop, until the gateway has taken it out
 * of its list: Traefik applies changes every 2 s at the most.
 */
export const deregistrationSeconds = 10;

/** Image of a release. With a digest the tag only tells people what it is. */
export function imageOf(
  { image }: { image: string },
  version: string,
  digest: string | undefined,
): string {
  return digest === undefined ? `${image}:${version}` : `${image}:${version}@${digest}`;
}

/** The container of the app itself. */
export function appContainer(
  {
    app,
    version,
    digest,
    template,
  }: { app: string; version: string; digest?: string; template: ReleaseTemplate },
  { volumeMounts }: Mounts,
): k8s.types.input.core.v1.Container {
  const preset = presetOf(template);
  const { start } = template.hooks;
  return {
    name: app,
    image: imageOf(template, version, digest),
    ports: [{ name: "http", containerPort: httpPort(template) }],
    env: environment({ app, version, template }, preset),
    resources: withStorage(template.resources ?? preset.resources, {
      volumes: [tmpSize(template)],
      readOnly: template.readOnlyRootFilesystem,
    }),
    ...probesOf(template),
    lifecycle: {
      ...(start === undefined ? {} : { postStart: { exec: { command: start } } }),
      preStop: preStop(template.hooks.stop),
    },
    securityContext: securityContext(template),
    volumeMounts,
  };
}

/** What the app's container may do. */
export function securityContext(
  template: ReleaseTemplate,
): k8s.types.input.core.v1.SecurityContext {
  return {
    ...containerSecurityContext,
    readOnlyRootFilesystem: template.readOnlyRootFilesystem,
  };
}

/** The three probes, each from the app's config or else from its preset. */
export function probesOf(
  template: ReleaseTemplate,
): Pick<k8s.types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  const { startup, readiness, liveness } = presetOf(template).probes;
  return {
    startupProbe: probe(template.probes?.startup ?? startup),
    readinessProbe: probe(template.probes?.readiness ?? readiness),
    livenessProbe: probe(template.probes?.liveness ?? liveness),
  };
}

function probe({ path, tcp, command, ...timing }: Probe): k8s.types.input.core.v1.Probe {
  return {
    ...timing,
    ...(path === undefined ? {} : { httpGet: { path, port: "http" } }),
    ...(tcp === undefined ? {} : { tcpSocket: { port: "http" } }),
    ...(command === undefined ? {} : { exec: { command } }),
  };
}

/** Keeps the pod serving until the gateway has forgotten it; then the app's own stop hook runs. */
export function preStop(stop: string[] | undefined): k8s.types.input.core.v1.LifecycleHandler {
  if (stop === undefined) return { sleep: { seconds: deregistrationSeconds } };
  // The words of the hook are the shell's arguments, so that the shell takes none of them apart.
  const script = `sleep ${deregistrationSeconds} && exec "$@"`;
  return { exec: { command: ["/bin/sh", "-c", script, "stop", ...stop] } };
}

function environment(
  release: { app: string; version: string; template: ReleaseTemplate },
  preset: Preset,
): k8s.types.input.core.v1.EnvVar[] {
  const { template } = release;
  return [
    // First, as other variables and log paths may name it.
    { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ...Object.entries({ ...preset.env, ...tracing(release), ...template.env }).map(
      ([name, value]) => ({ name, value }),
    ),
    ...Object.entries(template.secretEnv).map(([name, { secret, key }]) => ({
      name,
      valueFrom: { secretKeyRef: { name: secret, key } },
    })),
  ];
}

/** What every OpenTelemetry SDK and agent reads; an app without one does not care. */
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
