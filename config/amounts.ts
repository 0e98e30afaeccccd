import { bytesOf, millicoresOf } from "./quantities";

/** CPU, memory and disk as the config writes them. */
export interface Amounts {
  cpu: string;
  memory: string;
  "ephemeral-storage"?: string;
}

/** Amounts of the resources that a quota counts. */
export interface Amount {
  /** Millicores. */
  cpu: number;
  /** Memory, KiB. */
  memory: number;
  /** Disk of the node, KiB. */
  storage: number;
}

/** Default request of a container for its node's disk: its log, which is rotated at 50 Mi. */
export const defaultStorageRequest = "64Mi";

/** Reads CPU and memory as the config writes them. */
export function amountOf({
  cpu,
  memory,
  "ephemeral-storage": storage = defaultStorageRequest,
}: Amounts): Amount {
  return {
    cpu: millicoresOf(cpu),
    memory: bytesOf(memory) / 1024,
    storage: bytesOf(storage) / 1024,
  };
}

/** Returns the sum of amounts. */
export function sum(amounts: Amount[]): Amount {
  return {
    cpu: amounts.reduce((total, { cpu }) => total + cpu, 0),
    memory: amounts.reduce((total, { memory }) => total + memory, 0),
    storage: amounts.reduce((total, { storage }) => total + storage, 0),
  };
}

/** Returns the larger of two amounts, for each resource. */
export function largerOf(a: Amount, b: Amount): Amount {
  return {
    cpu: Math.max(a.cpu, b.cpu),
    memory: Math.max(a.memory, b.memory),
    storage: Math.max(a.storage, b.storage),
  };
}
