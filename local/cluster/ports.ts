import { createServer, type Server } from "node:net";

/** The listening parts of a control plane, by the names of kwokctl's port options. */
const parts = [
  // etcd listens as long as its cluster runs, so its port is tried first; if it is taken, no other is tried.
  "etcdPort",
  "etcdPeerPort",
  "kubeApiserverPort",
  "kubeControllerManagerPort",
  "kubeSchedulerPort",
  "kwokControllerPort",
  "metricsServerPort",
] as const;

/** Ports of one cluster's parts. */
export type ClusterPorts = Record<(typeof parts)[number], number>;

/** Ports that no other cluster takes until they are released; by then, the cluster's parts listen on them. */
export interface ReservedPorts {
  ports: ClusterPorts;
  release(): Promise<void>;
}

/** Below Linux' range for outgoing connections (32768 and up), and above the well-known ports. */
const [lowest, highest] = [20_000, 32_767];

/** The port that reserves a block, and the ports in it. */
const blockSize = parts.length + 1;

/**
 * Reserves ports for a new cluster. kwokctl itself tries ports and closes them again, so that two clusters that start
 * at the same time may get the same ones, and one of them ends up without its etcd. The process that listens on the
 * first port of a block owns the block; the port is released when the process ends.
 * @throws Error if every block is taken.
 */
export async function reservePorts(): Promise<ReservedPorts> {
  for (let first = highest + 1 - blockSize; first >= lowest; first -= blockSize) {
    const reservation = await listen(first);
    if (reservation === undefined) continue;
    const numbers = parts.map((_, index) => first + 1 + index);
    if (await allFree(numbers)) {
      const ports = Object.fromEntries(parts.map((part, index) => [part, numbers[index]]));
      return { ports: ports as ClusterPorts, release: () => close(reservation) };
    }
    await close(reservation);
  }
  throw new Error(
    `No ${blockSize} ports in a row are free between ${lowest} and ${highest}. Stop a cluster that is not needed: npx platform local cluster stop --name <name>`,
  );
}

async function allFree(ports: number[]): Promise<boolean> {
  for (const port of ports) {
    const server = await listen(port);
    if (server === undefined) return false;
    await close(server);
  }
  return true;
}

/** Listens on a local port; returns undefined if it is in use. */
function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
