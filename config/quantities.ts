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

const kibibytes = { Ki: 1, Mi: 1024, Gi: 1024 ** 2, Ti: 1024 ** 3 } as const;

/** Reads CPU and memory as the config writes them. */
export function amountOf({
  cpu,
  memory,
  "ephemeral-storage": storage = defaultStorageRequest,
}: Amounts): Amount {
  return {
    cpu: millicoresOf(cpu),
    memory: kibibytesOf(memory),
    storage: kibibytesOf(storage),
  };
}

/** Returns CPU such as `0.5` or `250m` in millicores. */
export function millicoresOf(cpu: string): number {
  return cpu.endsWith("m") ? parseInt(cpu, 10) : Math.round(Number(cpu) * 1000);
}

/**
 * Returns NaN for a text that is not a size: checks compare it with others, and another error reports the text.
 */
function kibibytesOf(size: string): number {
  const [, digits, unit] = /^(\d+)(Ki|Mi|Gi|Ti)$/.exec(size) ?? [];
  return Number(digits) * kibibytes[unit as keyof typeof kibibytes];
}

/** Returns a size such as `100Mi` in bytes; NaN for a text that is not a size. */
export function bytesOf(size: string): number {
  return kibibytesOf(size) * 1024;
}

/**
 * Returns a size such as `2Gi` in Mi, rounded down.
 * @throws Error for a text that is not a size.
 */
export function mebibytesOf(size: string): number {
  const kibibyte = kibibytesOf(size);
  if (Number.isNaN(kibibyte)) {
    throw new Error(
      `size: expected a whole number of Ki, Mi, Gi or Ti, got ${JSON.stringify(size)}`,
    );
  }
  return Math.floor(kibibyte / 1024);
}

/** Returns CPU in cores if they are whole, otherwise in millicores. */
export function showCpu(millicores: number): string {
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`;
}

/** Returns memory in the largest unit that needs no fraction. */
export function showMemory(amount: number): string {
  const units = Object.entries(kibibytes).reverse();
  const [unit, size] = units.find(([, unitSize]) => amount % unitSize === 0) ?? ["Ki", 1];
  return `${amount / size}${unit}`;
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
