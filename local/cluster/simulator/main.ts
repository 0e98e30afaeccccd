import { KubeConfig } from "@kubernetes/client-node";
import { whenDefined } from "./definitions";
import { serveExternalSecrets } from "./external-secrets";
import { serveScaledObjects } from "./keda";
import { serveLoadBalancers } from "./load-balancers";
import { acceptRoutes } from "./routes";
import { serveVolumes } from "./volumes";

/**
 * Simulates the drivers of a real cluster. Usage: main.ts KUBECONFIG FOLDER-OF-REAL-NODES real|simulated (the gateway)
 */
const config = new KubeConfig();
config.loadFromFile(process.argv[2] ?? "");
serveVolumes(config, process.argv[3] ?? "");
serveLoadBalancers(config);
whenDefined(
  config,
  {
    // A real gateway accepts its routes itself.
    ...(process.argv[4] !== "real" && {
      "httproutes.gateway.networking.k8s.io": () => acceptRoutes(config),
    }),
    "externalsecrets.external-secrets.io": () => serveExternalSecrets(config),
  },
  { "scaledobjects.keda.sh": () => serveScaledObjects(config) },
);
