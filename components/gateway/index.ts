import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { gateway, gatewayClass, type GatewayAddress } from "../shared/gateway-api";
import { environmentLabel, objectLabels } from "../shared/labels";
import { platformNamespace } from "../shared/namespace";
import type { PlacementRules } from "../shared/placement";
import { customResourceDefinitions, type CrdFile } from "../shared/crds";
import { Traefik, entryPointPorts, type Exposure } from "./traefik";

/** Arguments of {@link Gateway}. */
export interface GatewayArgs {
  /** Environment whose namespaces may attach routes. */
  environment: string;
  /** Gateway API definitions to install; left out where the cluster has them. */
  crds?: CrdFile;
  /** Traefik pods. */
  replicas: number;
  /** How clients outside of the cluster reach the gateway. */
  exposure: Exposure;
  /** Secret of type kubernetes.io/tls in namespace `gateway`; without it only HTTP is served. */
  tlsSecret?: string;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

/** The HTTP entrance of an environment: Gateway API definitions, Traefik, and one Gateway. */
export class Gateway extends pulumi.ComponentResource {
  /** Gateway that the environment's routes attach to. */
  readonly address: pulumi.Output<GatewayAddress>;

  constructor(name: string, args: GatewayArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:gateway:Gateway", name, {}, opts);
    const definitions = args.crds === undefined ? [] : customResourceDefinitions(args.crds, this);
    const namespace = platformNamespace("gateway", this, args.environment);
    const traefik = new Traefik("traefik", { namespace, definitions, ...args }, { parent: this });
    const entrance = this.entrance(args, namespace, definitions, traefik);
    this.address = pulumi.output({ name: entrance.metadata.name, namespace });
    this.registerOutputs({ address: this.address });
  }

  private entrance(
    args: GatewayArgs,
    namespace: pulumi.Output<string>,
    definitions: pulumi.Resource[],
    traefik: Traefik,
  ): k8s.apiextensions.CustomResource {
    const gatewayClassResource = gatewayClass(
      "traefik",
      {
        metadata: { name: "traefik" },
        spec: { controllerName: "traefik.io/gateway-controller" },
      },
      { parent: this, dependsOn: definitions },
    );
    const allowedRoutes = {
      namespaces: {
        from: "Selector" as const,
        selector: { matchLabels: { [environmentLabel]: args.environment } },
      },
    };
    return gateway(
      args.environment,
      {
        metadata: { name: args.environment, namespace, labels: objectLabels("gateway", "gateway") },
        spec: {
          gatewayClassName: gatewayClassResource.metadata.name,
          listeners: [
            { name: "web", protocol: "HTTP", port: entryPointPorts.web, allowedRoutes },
            ...httpsListener(args.tlsSecret, allowedRoutes),
          ],
        },
      },
      { parent: this, dependsOn: [traefik] },
    );
  }
}

type Listener = Parameters<typeof gateway>[1]["spec"]["listeners"][number];

function httpsListener(
  secret: string | undefined,
  allowedRoutes: Listener["allowedRoutes"],
): Listener[] {
  if (secret === undefined) return [];
  return [
    {
      name: "websecure",
      protocol: "HTTPS",
      port: entryPointPorts.websecure,
      allowedRoutes,
      tls: {
        mode: "Terminate",
        certificateRefs: [{ group: "", kind: "Secret", name: secret }],
      },
    },
  ];
}
