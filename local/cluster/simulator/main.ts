import { KubeConfig } from "@kubernetes/client-node";
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
// A real gateway accepts its routes itself.
if (process.argv[4] !== "real") acceptRoutes(config);
