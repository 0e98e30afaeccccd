import { join } from "node:path";
import type { Cluster } from "../cluster/paths";

/** Longest time that something of a machine may take to come or go, milliseconds. */
export const patience = 180_000;

/** Where the real machines of a cluster keep what they have. */
export interface Places {
  /** Folder of everything of the machines. */
  folder: string;
  /** What {@link Network} the cluster has. */
  network: string;
  /** Process id of the agent. */
  agentPid: string;
  agentLog: string;
}

export function placesOf({ folder }: Cluster): Places {
  const own = join(folder, "machines");
  return {
    folder: own,
    network: join(own, "network.json"),
    agentPid: join(own, "agent.pid"),
    agentLog: join(own, "agent.log"),
  };
}

/** Where one machine keeps what it has. */
export interface NodePlaces {
  folder: string;
  /** Its /var: containers, images, volumes, logs. */
  var: string;
  /** Its /data: the log folders of apps. */
  data: string;
  /** Mount point of its root, in its own mount namespace only. */
  root: string;
  /** Files copied into its /etc. */
  etc: string;
  log: string;
  /** Process id, on the host, of its first process. */
  pid: string;
}

export function nodePlaces(cluster: Cluster, name: string): NodePlaces {
  const folder = join(placesOf(cluster).folder, name);
  return {
    folder,
    var: join(folder, "var"),
    data: join(folder, "data"),
    root: join(folder, "root"),
    etc: join(folder, "etc"),
    log: join(folder, "node.log"),
    pid: join(folder, "node.pid"),
  };
}
