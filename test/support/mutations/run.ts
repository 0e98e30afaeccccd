import { ProgramError } from "../../../config";
import type { KubernetesObject } from "../../../render/objects";
import { clashes, declareObjects, refusals } from "./declared";
import type { DryRun } from "./dry-run";
import { applied, areApart, titleOf, type Mutation } from "./mutate";

/** Largest number of mutations of one base that are declared together. */
const together = 12;

/** Largest number of incomplete packs of one base. */
const open = 3;

/** Results of mutations. */
export interface Summary {
  mutations: number;
  /** Rejected by the config's validation. */
  refused: number;
  accepted: number;
  /** Accepted by the validation, and rejected with a ProgramError when they are declared. */
  undeclared: number;
  /** Failures of the test: crashes, and objects that the API server rejects. */
  faults: string[];
  /** Messages of the undeclared ones. */
  sentences: string[];
}

/** Runs mutations through validation, the program and the API server. */
export class Run {
  readonly summary: Summary = {
    mutations: 0,
    refused: 0,
    accepted: 0,
    undeclared: 0,
    faults: [],
    sentences: [],
  };
  private readonly packs = new Map<string, Mutation[][]>();
  private readonly asked: Promise<void>[] = [];
  /** Packs with a rejected object, and the errors. */
  private readonly suspects: { pack: Mutation[]; wrong: string[] }[] = [];

  constructor(private readonly server: DryRun) {}

  /** Adds a mutation; if its config is valid, it waits for others of its base. */
  async take(mutation: Mutation): Promise<void> {
    this.summary.mutations += 1;
    if (!this.accepts([mutation])) {
      this.summary.refused += 1;
      return;
    }
    this.summary.accepted += 1;
    const { name } = mutation.base;
    const packs = this.packs.get(name) ?? [];
    this.packs.set(name, packs);
    const pack = packs.find((each) => this.fits(each, mutation));
    pack?.push(mutation);
    if (pack === undefined) packs.push([mutation]);
    const [first = []] = packs;
    const full = packs.length > open ? first : packs.find(({ length }) => length >= together);
    if (full === undefined) return;
    packs.splice(packs.indexOf(full), 1);
    await this.look(full);
  }

  /** Whether a mutation can be declared with others: it changes other places, and the combined config is valid. */
  private fits(pack: readonly Mutation[], mutation: Mutation): boolean {
    return (
      pack.every(({ edits }) => areApart(edits, mutation.edits)) &&
      this.accepts([...pack, mutation])
    );
  }

  /** Checks the waiting mutations, and finds the cause of each rejection. */
  async finish(): Promise<Summary> {
    for (const pack of [...this.packs.values()].flat()) await this.look(pack);
    this.packs.clear();
    for (const { pack, wrong } of await this.answers()) {
      const before = this.summary.faults.length;
      for (const mutation of pack.length > 1 ? pack : []) await this.look([mutation]);
      for (const alone of await this.answers()) this.fault(alone.pack, alone.wrong);
      if (this.summary.faults.length === before) this.fault(pack, wrong);
    }
    return this.summary;
  }

  private accepts(pack: readonly Mutation[]): boolean {
    try {
      return refusals(valuesOf(pack)).length === 0;
    } catch (error) {
      this.fault(pack, [textOf(error)]);
      return false;
    }
  }

  /** Declares mutations together, while the API server checks earlier ones. */
  private async look(pack: Mutation[]): Promise<void> {
    const objects = await this.objectsOf(pack);
    if (objects === undefined) return;
    const ask = async () => {
      const wrong = [...clashes(objects), ...(await this.server.refusals(objects))];
      if (wrong.length > 0) this.suspects.push({ pack, wrong });
    };
    this.asked.push(ask());
  }

  private async answers(): Promise<{ pack: Mutation[]; wrong: string[] }[]> {
    await Promise.all(this.asked.splice(0));
    return this.suspects.splice(0);
  }

  private async objectsOf(pack: Mutation[]): Promise<KubernetesObject[] | undefined> {
    try {
      return await declareObjects(valuesOf(pack));
    } catch (error) {
      if (pack.length > 1) {
        for (const mutation of pack) await this.look([mutation]);
      } else if (error instanceof ProgramError) {
        this.summary.undeclared += 1;
        this.summary.sentences.push(`${pack.map(titleOf).join("; ")}\n    ${error.message}`);
      } else this.fault(pack, [textOf(error)]);
      return undefined;
    }
  }

  private fault(pack: readonly Mutation[], wrong: readonly string[]): void {
    this.summary.faults.push([pack.map(titleOf).join("; "), ...wrong].join("\n    "));
  }
}

function valuesOf(pack: readonly Mutation[]): Record<string, unknown> {
  const [first] = pack;
  if (first === undefined) throw new Error("a pack without a mutation");
  return applied(
    first.base,
    pack.flatMap(({ edits }) => edits),
  );
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
