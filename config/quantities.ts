import type { Resources } from "./values";

/** An amount of what a quota counts. */
export interface Amount {
  /** Thousandths of a core. */
  cpu: number;
  /** KiB. */
  memory: number;
}

const kibibytes = { Ki: 1, Mi: 1024, Gi: 1024 ** 2, Ti: 1024 ** 3 } as const;

/** Reads CPU and memory as the config writes them. */
export function amountOf({ cpu, memory }: Resources["requests"]): Amount {
  const unit = memory.slice(-2) as keyof typeof kibibytes;
  return {
    cpu: cpu.endsWith("m") ? parseInt(cpu, 10) : Math.round(Number(cpu) * 1000),
    memory: parseInt(memory, 10) * kibibytes[unit],
  };
}

/** CPU in cores where they are whole, else in millicores. */
export function showCpu(millicores: number): string {
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`;
}

/** Memory in the largest unit that needs no fraction. */
export function showMemory(amount: number): string {
  const units = Object.entries(kibibytes).reverse();
  const [unit, size] = units.find(([, unitSize]) => amount % unitSize === 0) ?? ["Ki", 1];
  return `${amount / size}${unit}`;
}

/** Adds amounts up. */
export function sum(amounts: Amount[]): Amount {
  return {
    cpu: amounts.reduce((total, { cpu }) => total + cpu, 0),
    memory: amounts.reduce((total, { memory }) => total + memory, 0),
  };
}

/** The larger of two amounts, for CPU and for memory. */
export function largest(a: Amount, b: Amount): Amount {
  return { cpu: Math.max(a.cpu, b.cpu), memory: Math.max(a.memory, b.memory) };
}
