import { join } from "node:path";
import type { Cluster } from "../cluster/paths";

/** Timeout for starting or stopping a part of a node, milliseconds. */
export const timeout = 180_000;

/** Mount point of {@link Places.volumes} on each node, which `node.sh` mounts. */
export const sharedVolumes = "/volumes";

/** Paths of a cluster's real nodes. */
export interface Places {
  /** Folder of all nodes' files. */
  folder: string;
  /** File with the cluster's {@link Network}. */
  network: string;
  /** Folder of the volumes that all nodes have mounted, like volumes on a network. */
  volumes: string;
  /** PID file of the agent. */
  agentPid: string;
  agentLog: string;
}

export function placesOf({ folder }: Cluster): Places {
  const own = join(folder, "machines");
  return {
    folder: own,
    network: join(own, "network.json"),
    volumes: join(own, sharedVolumes),
    agentPid: join(own, "agent.pid"),
    agentLog: join(own, "agent.log"),
  };
}

/** Paths of one node. */
export interface NodePlaces {
  folder: string;
  /** Its /var: containers, images, volumes, logs. */
  var: string;
  /** Its /data: the apps' log folders. */
  data: string;
  /** Mount point of its root, visible only in its own mount namespace. */
  root: string;
  /** Files that are copied into its /etc. */
  etc: string;
  log: string;
  /** PID file of its first process, with the process ID on this machine. */
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
