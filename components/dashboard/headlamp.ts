import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { disruptionBudget } from "../shared/budget";
import { imageReference, images } from "../shared/images";
import { objectLabels, selectorLabels } from "../shared/labels";
import { platformPlacement, type PlacementRules } from "../shared/placement";
import { containerSecurityContext, podSecurityContext, spread } from "../shared/pods";
import { declareService } from "../shared/service";

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
  namespace: pulumi.Input<string>;
  /** Account whose token the pod finds the API server by. */
  account: pulumi.Input<string>;
  replicas: number;
  oidc?: Login;
  imageMirror?: string;
  placement?: PlacementRules;
}

/** Port of the Service. */
export const headlampPort = 80;

const name = "headlamp";
const labels = objectLabels(name, "dashboard");
const selector = selectorLabels(name);

/** Seconds that a login lasts: a day. */
const sessionSeconds = 86_400;

/** Headlamp's pods and their Service. @returns the Service's name. */
export function headlamp(args: HeadlampArgs, parent: pulumi.Resource): pulumi.Output<string> {
  const { namespace, replicas } = args;
  const metadata = { name, namespace, labels };
  if (replicas > 1) disruptionBudget(name, { namespace, labels }, selector, parent);
  new k8s.apps.v1.Deployment(
    name,
    {
      metadata,
      spec: {
        replicas,
        selector: { matchLabels: selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: { metadata: { labels: { ...labels, ...selector } }, spec: podSpec(args) },
      },
    },
    { parent },
  );
  const service = declareService(
    name,
    {
      metadata,
      spec: { selector, ports: [{ name: "http", port: headlampPort, targetPort: "http" }] },
    },
    { parent },
  );
  return service.metadata.name;
}

function podSpec({
  account,
  oidc,
  imageMirror,
  placement,
}: HeadlampArgs): k8s.types.input.core.v1.PodSpec {
  const probe = { httpGet: { path: "/", port: "http" } };
  return {
    serviceAccountName: account,
    enableServiceLinks: false,
    // The user that the image is made for.
    securityContext: { ...podSecurityContext, runAsUser: 100, runAsGroup: 101 },
    ...spread(selector),
    ...platformPlacement(placement),
    containers: [
      {
        name,
        image: imageReference(images.headlamp, imageMirror),
        // What is not here is off: above all the use of the pod's own account for everybody's requests.
        args: ["-in-cluster", "-plugins-dir=/headlamp/plugins", `-session-ttl=${sessionSeconds}`],
        env: oidc === undefined ? [] : loginVariables(oidc),
        ports: [{ name: "http", containerPort: 4466 }],
        livenessProbe: { ...probe, periodSeconds: 10, failureThreshold: 6 },
        readinessProbe: { ...probe, periodSeconds: 5, failureThreshold: 2 },
        resources: {
          requests: { cpu: "50m", memory: "128Mi" },
          limits: { cpu: "500m", memory: "512Mi" },
        },
        securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
      },
    ],
    volumes: [{ name: "tmp", emptyDir: {} }],
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
