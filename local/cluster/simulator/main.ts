import { KubeConfig } from "@kubernetes/client-node";
import { serveLoadBalancers } from "./load-balancers";
import { acceptRoutes } from "./routes";
import { serveVolumes } from "./volumes";

/** Plays what a real cluster's drivers do. Usage: main.ts KUBECONFIG FOLDER-OF-REAL-MACHINES real|simulated (the gateway) */
const config = new KubeConfig();
config.loadFromFile(process.argv[2] ?? "");
serveVolumes(config, process.argv[3] ?? "");
serveLoadBalancers(config);
// A gateway that runs accepts its routes itself.
if (process.argv[4] !== "real") acceptRoutes(config);
