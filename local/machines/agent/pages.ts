import { connect, createServer, type Server } from "node:net";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";

/** Interval at which Services are read, milliseconds. */
const period = 2000;

/** Forwards loopback ports to the node ports of Services, which a real node serves on its own address. */
export function forwardNodePorts(kubeconfig: string, machine: string): void {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const servers = new Map<number, Server>();
  const look = async () => {
    const { items } = await core.listServiceForAllNamespaces();
    const ports = new Set(
      items
        .flatMap(({ spec }) => spec?.ports ?? [])
        .filter(({ protocol = "TCP" }) => protocol === "TCP")
        .flatMap(({ nodePort }) => (nodePort === undefined ? [] : [nodePort])),
    );
    for (const [port, server] of servers) {
      if (ports.has(port)) continue;
      server.close();
      servers.delete(port);
    }
    for (const port of ports) if (!servers.has(port)) servers.set(port, forward(port, machine));
  };
  setInterval(() => {
    // The API server may be restarting.
    look().catch(() => undefined);
  }, period);
}

function forward(port: number, machine: string): Server {
  const server = createServer((client) => {
    const upstream = connect(port, machine);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
      from.pipe(to);
    }
  });
  // Another cluster or another program may use the port.
  server.on("error", (error) => console.error(`port ${port} of loopback: ${error.message}`));
  return server.listen({ host: "127.0.0.1", port, exclusive: true });
}
