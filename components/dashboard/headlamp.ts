import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "../shared/context";
import { anyAddress, gatewayPods } from "../shared/network-policy";
import { scratch, type PartContainer } from "../shared/pod-template";
import { deployment } from "../shared/workload";

/** How people log in at the company's identity provider. */
export interface Login {
  issuer: string;
  clientId: string;
  /** Secret whose key `client-secret` is the client's. */
  secret: string;
  scopes: string[];
}

/** Arguments of {@link headlamp}. */
export interface HeadlampArgs {
  /** Service account whose token the pods reach the API server with. */
  account: pulumi.Input<string>;
  /** Pods. */
  replicas: number;
  /** Login at an identity provider; people paste a token without it. */
  oidc?: Login;
}

/** Name of the Service, and its port. */
export const headlampService = { name: "headlamp", port: 80 } as const;

const containerPort = 4466;

/** Seconds that a login lasts: a day. */
const sessionSeconds = 86_400;

/** Declares Headlamp's pods and their Service. */
export function headlamp(part: Part, { account, replicas, oidc }: HeadlampArgs): void {
  const { name, port } = headlampService;
  deployment(part, {
    name,
    replicas,
    spread: "preferred",
    account,
    // The user that the image is made for.
    user: { user: 100, group: 101 },
    containers: [container(oidc)],
    volumes: [scratch("tmp", "64Mi")],
    service: { ports: { http: { port, targetPort: "http" } } },
    network: {
      ingress: [{ from: [gatewayPods], ports: [containerPort] }],
      // The identity provider, whose addresses only the company knows.
      egress: oidc === undefined ? [] : [{ to: [anyAddress], ports: [443] }],
    },
  });
}

function container(oidc: Login | undefined): PartContainer {
  const probe = { httpGet: { path: "/", port: "http" } };
  return {
    name: headlampService.name,
    image: "headlamp",
    // Every option that is not here is off: above all the use of the pod's own account for all requests.
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
