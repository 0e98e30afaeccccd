import assert from "node:assert/strict";
import { InvalidConfig } from "../../../config";

/** Returns every error of a config, as `key: message`; empty if it is valid. */
export function errorsIn(parse: () => unknown): string[] {
  try {
    parse();
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}
