import { InvalidArgumentError } from "commander";

/** Parses a share of the requests on the command line. */
export function percent(text: string): number {
  const value = whole(text);
  if (value > 100) throw new InvalidArgumentError("expected a whole number from 0 to 100.");
  return value;
}

/** Parses a whole number on the command line. */
export function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("expected a whole number.");
  return Number(text);
}
