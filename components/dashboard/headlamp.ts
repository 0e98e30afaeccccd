import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "../shared/context";
import { anyAddress, gatewayPods } from "../shared/network-policy";
import { scratch, type PartContainer } from "../shared/pod-template";
import { deployment } from "../shared/workload";

/** Login at the company's identity provider. */
export interface Login {
  issuer: string;
  clientId: string;
  /** Secret with the client's secret in the key `client-secret`. */
  secret: string;
  scopes: string[];
}

/** Arguments of {@link headlamp}. */
export interface HeadlampArgs {
  /** Service account whose token the pods use for the API server. */
  account: pulumi.Input<string>;
  /** Number of pods. */
  replicas: number;
  /** Login at an identity provider. Default: users paste a token. */
  oidc?: Login;
}

/** Name and port of the Service. */
export const headlampService = { name: "headlamp", port: 80 } as const;

const containerPort = 4466;

/** Seconds that a login is valid: one day. */
const sessionSeconds = 86_400;

/** Declares Headlamp's pods and their Service. */
export function headlamp(part: Part, { account, replicas, oidc }: HeadlampArgs): void {
  const { name, port } = headlampService;
  deployment(part, {
    name,
    replicas,
    spread: "preferred",
    account,
    // User of the image.
    user: { user: 100, group: 101 },
    containers: [container(oidc)],
    volumes: [scratch("tmp", "64Mi")],
    service: { ports: { http: { port, targetPort: "http" } } },
    network: {
      ingress: [{ from: [gatewayPods], ports: [containerPort] }],
      // The identity provider, whose addresses are not in the config.
      egress: oidc === undefined ? [] : [{ to: [anyAddress], ports: [443] }],
    },
  });
}

function container(oidc: Login | undefined): PartContainer {
  const probe = { httpGet: { path: "/", port: "http" } };
  return {
    name: headlampService.name,
    image: "headlamp",
    // All other options stay off, above all the one that uses the pod's own account for all requests.
    args: ["-in-cluster", "-plugins-dir=/headlamp/plugins", `-session-ttl=${sessionSeconds}`],
    env: oidc === undefined ? [] : loginVariables(oidc),
    ports: [{ name: "http", containerPort }],
    livenessProbe: { ...probe, periodSeconds: 10, failureThreshold: 6 },
    readinessProbe: { ...probe, periodSeconds: 5, failureThreshold: 2 },
    resources: {
      requests: { cpu: "50m", memory: "128Mi" },
      limits: { cpu: "500m", memory: "512Mi" },
    },
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  };
}

function loginVariables({
  issuer,
  clientId,
  secret,
  scopes,
}: Login): k8s.types.input.core.v1.EnvVar[] {
  const prefix = "HEADLAMP_CONFIG_OIDC";
  return [
    { name: `${prefix}_CLIENT_ID`, value: clientId },
    {
      name: `${prefix}_CLIENT_SECRET`,
      valueFrom: { secretKeyRef: { name: secret, key: "client-secret" } },
    },
    { name: `${prefix}_IDP_ISSUER_URL`, value: issuer },
    { name: `${prefix}_SCOPES`, value: scopes.join(",") },
  ];
}
