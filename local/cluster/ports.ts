import { createServer, type Server } from "node:net";

/** The parts of a control plane that listen, as kwokctl's options name their ports. */
const parts = [
  // It listens as long as its cluster runs, so it is looked at first, and no other part's port is tried then.
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

/** Ports that no other cluster takes, until they are released; its parts listen on them by then. */
export interface ReservedPorts {
  ports: ClusterPorts;
  release(): Promise<void>;
}

/** Below the ports that Linux gives to outgoing connections (32768 and up), and above well-known ones. */
const [lowest, highest] = [20_000, 32_767];

/** A port that reserves the others, and theirs. */
const blockSize = parts.length + 1;

/**
 * Finds ports for a new cluster. kwokctl, left alone, tries ports and lets go of them, so two clusters
 * that start at the same time may be given the same ones, and one of them ends up without its etcd.
 * Whoever listens on the first port of a block has the block; the port is free again when its process ends.
 * @throws when every block is taken.
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
    `No ${blockSize} ports in a row are free between ${lowest} and ${highest}. End a cluster that nobody needs: npm run cluster -- stop --name <name>`,
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

/** Listens on a port of this machine; nothing where somebody else does. */
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
