/** A value of a struct: a JSON value, or the meaning of a text or a mapping. */
export type Decoded<Meaning> = null | boolean | number | Meaning | Decoded<Meaning>[];

/** Interprets texts and mappings. */
export interface Meanings<Meaning> {
  text(value: string): Meaning;
  mapping(fields: Record<string, Decoded<Meaning>>): Decoded<Meaning>;
}

/** Types of encoded fields: https://protobuf.dev/programming-guides/encoding/#structure */
const wire = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 };

/** The only field of a `Struct`, with its fields, and of a `ListValue`, with its items. */
const entry = (1 << 3) | wire.delimited;

/** Fields of an entry of a `Struct`. */
const [name, value] = [(1 << 3) | wire.delimited, (2 << 3) | wire.delimited];

/** Fields of a `Value` (google/protobuf/struct.proto). The last one in the encoding counts. */
const kinds = {
  null: (1 << 3) | wire.varint,
  number: (2 << 3) | wire.fixed64,
  text: (3 << 3) | wire.delimited,
  boolean: (4 << 3) | wire.varint,
  mapping: (5 << 3) | wire.delimited,
  list: (6 << 3) | wire.delimited,
};

/** Decodes encoded structs without a message for each value. */
export class StructDecoder<Meaning> {
  private at = 0;
  private readonly bytes: Buffer;

  constructor(
    { buffer, byteOffset, byteLength }: Uint8Array,
    private readonly meanings: Meanings<Meaning>,
  ) {
    this.bytes = Buffer.from(buffer, byteOffset, byteLength);
  }

  /**
   * Returns the fields, in the order of their names.
   * @throws Error if the encoding ends within a value.
   */
  fields(end = this.bytes.length): Record<string, Decoded<Meaning>> {
    const fields = new Map<string, Decoded<Meaning>>();
    this.each(end, (tag) => {
      if (tag !== entry) return this.skip(tag);
      let [key, content]: [string, Decoded<Meaning>] = ["", null];
      this.each(this.end(), (part) => {
        if (part === name) key = this.text();
        else if (part === value) content = this.value(this.end());
        else this.skip(part);
      });
      fields.set(key, content);
    });
    const names = [...fields.keys()].sort();
    return Object.fromEntries(names.map((key) => [key, fields.get(key) ?? null]));
  }

  private value(end: number): Decoded<Meaning> {
    let found: Decoded<Meaning> = null;
    this.each(end, (tag) => {
      switch (tag) {
        case kinds.null:
          this.varint();
          found = null;
          return;
        case kinds.number:
          found = this.bytes.readDoubleLE(this.advance(8));
          return;
        case kinds.text:
          found = this.meanings.text(this.text());
          return;
        case kinds.boolean:
          found = this.varint() !== 0;
          return;
        case kinds.mapping:
          found = this.meanings.mapping(this.fields(this.end()));
          return;
        case kinds.list:
          found = this.items(this.end());
          return;
        default:
          this.skip(tag);
      }
    });
    return found;
  }

  private items(end: number): Decoded<Meaning>[] {
    const items: Decoded<Meaning>[] = [];
    this.each(end, (tag) => {
      if (tag === entry) items.push(this.value(this.end()));
      else this.skip(tag);
    });
    return items;
  }

  /** Reads the fields before `end`, each after its tag. */
  private each(end: number, read: (tag: number) => void): void {
    while (this.at < end) read(this.varint());
    if (this.at > end) throw new Error("a struct's encoding ends within a value");
  }

  private text(): string {
    const end = this.end();
    const text = this.bytes.toString("utf8", this.at, end);
    this.at = end;
    return text;
  }

  /** Reads a length. @returns where the content of this length ends. */
  private end(): number {
    const length = this.varint();
    return this.within(this.at + length);
  }

  /**
   * Skips content of a fixed length.
   * @returns where it starts.
   */
  private advance(length: number): number {
    this.at = this.within(this.at + length);
    return this.at - length;
  }

  private skip(tag: number): void {
    const type = tag & 7;
    if (type === wire.varint) this.varint();
    else if (type === wire.fixed64) this.advance(8);
    else if (type === wire.fixed32) this.advance(4);
    else if (type === wire.delimited) this.at = this.end();
    else throw new Error(`a struct's encoding has a field of the type ${type}`);
  }

  private varint(): number {
    for (let [result, factor] = [0, 1]; ; factor *= 128) {
      const byte = this.bytes[this.within(this.at + 1) - 1] ?? 0;
      this.at += 1;
      result += (byte & 127) * factor;
      if (byte < 128) return result;
    }
  }

  private within(end: number): number {
    if (end <= this.bytes.length) return end;
    throw new Error("a struct's encoding ends within a value");
  }
}
