import { randomBytes as secureBytes, randomUUID } from "node:crypto";
import type { PropertyMap } from "../shared/values";
import type { RandomKind } from "./kind";

/** `RandomId`: random bytes as text in several bases, with an optional prefix; not secret. */
export const randomId: RandomKind = {
  inputs: {
    keepers: { type: "map" },
    byteLength: { type: "integer", required: true, min: 1 },
    prefix: { type: "string" },
  },
  outputs: { b64Std: "plain", b64Url: "plain", dec: "plain", hex: "plain" },
  generate: ({ byteLength, prefix }) =>
    identify(secureBytes(Number(byteLength)), String(prefix ?? "")),
  restore(id) {
    const comma = id.lastIndexOf(",");
    const prefix = comma < 0 ? null : id.slice(0, comma);
    const bytes = Buffer.from(id.slice(comma + 1), "base64url");
    if (bytes.toString("base64url") !== id.slice(comma + 1))
      throw new Error(
        `"${id}" is not the id of a RandomId: it must be URL-safe base64 without padding, after "<prefix>," if it has a prefix.`,
      );
    return {
      ...identify(bytes, prefix ?? ""),
      inputs: { byteLength: bytes.length, prefix },
    };
  },
};

function identify(bytes: Buffer, prefix: string): { id: string; outputs: PropertyMap } {
  const id = bytes.toString("base64url");
  const hex = bytes.toString("hex");
  const outputs = {
    b64Url: prefix + id,
    b64Std: prefix + bytes.toString("base64"),
    hex: prefix + hex,
    dec: `${prefix}${BigInt(`0x${hex}`)}`,
  };
  return { id, outputs };
}

/** `RandomBytes`: secret bytes. They are imported by their base64 form, which does not become the ID. */
export const randomBytes: RandomKind = {
  inputs: {
    keepers: { type: "map" },
    length: { type: "integer", required: true, min: 1 },
  },
  outputs: { base64: "secret", hex: "secret" },
  generate: ({ length }) => encode(secureBytes(Number(length))),
  restore(id) {
    const bytes = Buffer.from(id, "base64");
    if (bytes.length === 0 || bytes.toString("base64") !== id)
      throw new Error("RandomBytes is imported by its value in padded base64.");
    return { ...encode(bytes), inputs: { length: bytes.length } };
  },
};

function encode(bytes: Buffer): { id: string; outputs: PropertyMap } {
  const outputs = {
    base64: bytes.toString("base64"),
    hex: bytes.toString("hex"),
  };
  return { id: "none", outputs };
}

/** `RandomUuid`: a UUID of version 4, which is also its ID. */
export const randomUuid: RandomKind = {
  inputs: { keepers: { type: "map" } },
  outputs: { result: "plain" },
  generate() {
    const result = randomUUID();
    return { id: result, outputs: { result } };
  },
  restore(id) {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
      throw new Error(`"${id}" is not a UUID in lower case.`);
    return { id, inputs: {}, outputs: { result: id } };
  },
};
