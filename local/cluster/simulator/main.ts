import { KubeConfig } from "@kubernetes/client-node";
import { serveLoadBalancers } from "./load-balancers";
import { acceptRoutes } from "./routes";
import { serveVolumes } from "./volumes";

/** Plays what a real cluster's drivers do. Usage: main.ts KUBECONFIG */
const config = new KubeConfig();
config.loadFromFile(process.argv[2] ?? "");
for (const simulate of [serveVolumes, serveLoadBalancers, acceptRoutes]) simulate(config);
