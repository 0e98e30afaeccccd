import type { CheckFailure } from "../shared/provider";
import type { PropertyMap } from "../shared/values";
import { bcrypt } from "./bcrypt";
import type { InputSpec, RandomKind } from "./kind";
import { secureSource, shuffle, Source } from "./source";

/** The four classes of characters, and the inputs that enable a class and set its minimum. */
const CLASSES = [
  { on: "special", min: "minSpecial", characters: "!@#$%&*()-_=+[]{}<>:?" },
  { on: "numeric", min: "minNumeric", characters: "0123456789" },
  { on: "lower", min: "minLower", characters: "abcdefghijklmnopqrstuvwxyz" },
  { on: "upper", min: "minUpper", characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
] as const;

const on: InputSpec = { type: "boolean", default: true };
const atLeast: InputSpec = { type: "integer", default: 0, min: 0 };

const inputs: RandomKind["inputs"] = {
  keepers: { type: "map" },
  length: { type: "integer", required: true, min: 1 },
  special: on,
  numeric: on,
  number: on,
  lower: on,
  upper: on,
  minSpecial: atLeast,
  minNumeric: atLeast,
  minLower: atLeast,
  minUpper: atLeast,
  overrideSpecial: { type: "string" },
};

/** `number` is the former name of `numeric`; the state contains both. */
function derive(given: PropertyMap): PropertyMap {
  const numeric = given.numeric ?? given.number ?? true;
  return { ...given, numeric, number: given.number ?? numeric };
}

function check(values: PropertyMap): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const demanded = CLASSES.map(({ min }) => Number(values[min]));
  const sum = demanded.reduce((total, count) => total + count);
  if (Number(values.length) < sum) {
    failures.push({
      property: "length",
      reason: `must be at least the sum of minSpecial, minNumeric, minLower and minUpper (${sum}), not ${Number(values.length)}`,
    });
  }
  if (!CLASSES.some((kind) => values[kind.on] === true)) {
    failures.push({
      property: "special",
      reason: "at least one of special, numeric, lower and upper must be true",
    });
  }
  if (values.number !== values.numeric) {
    failures.push({
      property: "number",
      reason: "contradicts numeric, its new name; set numeric alone",
    });
  }
  return failures;
}

/** Returns a random text: the minimum of each class, then any characters, then shuffled. */
export function randomText(values: PropertyMap, source: Source = secureSource): string {
  const classes = CLASSES.map(({ characters, ...names }) => ({
    enabled: values[names.on] === true,
    min: Number(values[names.min]),
    characters: Array.from(
      (names.on === "special" && String(values.overrideSpecial ?? "")) || characters,
    ),
  }));
  const all = classes.flatMap((one) => (one.enabled ? one.characters : []));
  const demanded = classes.flatMap((one) => draw(one.characters, one.min, source));
  const rest = draw(all, Number(values.length) - demanded.length, source);
  return shuffle([...demanded, ...rest], source).join("");
}

function draw(characters: string[], count: number, source: Source): string[] {
  return Array.from({ length: count }, () => characters[source(characters.length)]!);
}

/** `RandomString`: not secret; the text is its ID. Imported by the text. */
export const randomString: RandomKind = {
  inputs,
  derive,
  check,
  outputs: { result: "plain" },
  generate(values) {
    const result = randomText(values);
    return { id: result, outputs: { result } };
  },
  restore: (id) => ({
    id,
    inputs: { length: Array.from(id).length },
    outputs: { result: id },
  }),
};

/** `RandomPassword`: a secret text with its bcrypt hash. Imported by the text, which does not become the ID. */
export const randomPassword: RandomKind = {
  inputs,
  derive,
  check,
  outputs: { result: "secret", bcryptHash: "secret" },
  generate: (values) => password(randomText(values)),
  restore: (id) => ({
    ...password(id),
    inputs: { length: Array.from(id).length },
  }),
};

function password(result: string): { id: string; outputs: PropertyMap } {
  return { id: "none", outputs: { result, bcryptHash: bcrypt(result) } };
}
