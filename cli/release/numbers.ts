import { InvalidArgumentError } from "commander";

/** A share of the requests from the command line. */
export function percent(text: string): number {
  const value = whole(text);
  if (value > 100) throw new InvalidArgumentError("expected a whole number from 0 to 100.");
  return value;
}

/** A whole number from the command line. */
export function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("expected a whole number.");
  return Number(text);
}
