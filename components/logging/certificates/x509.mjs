// The subset of X.509 that an authority and the certificates that it signs need. The encoding is done here; node:crypto
// (OpenSSL) creates the keys and signatures.
import { Buffer } from "node:buffer";
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const tags = { integer: 2, bits: 3, octets: 4, oid: 6, utf8: 12, sequence: 48, set: 49 };
const oids = {
  commonName: "550403",
  ecdsaWithSha256: "2a8648ce3d040302",
  subjectAltName: "551d11",
  basicConstraints: "551d13",
  keyUsage: "551d0f",
  subjectKeyIdentifier: "551d0e",
  authorityKeyIdentifier: "551d23",
};

/** Returns a value in DER: its tag, its length, its content. */
function der(tag, ...parts) {
  const content = Buffer.concat(parts);
  if (content.length < 128) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const hex = content.length.toString(16);
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

const sequence = (...parts) => der(tags.sequence, ...parts);
const oid = (name) => der(tags.oid, Buffer.from(oids[name], "hex"));
const algorithm = sequence(oid("ecdsaWithSha256"));
const named = (name) =>
  sequence(der(tags.set, sequence(oid("commonName"), der(tags.utf8, Buffer.from(name)))));

/** The year has two digits until 2049, as RFC 5280 requires, and four from 2050. */
function time(date) {
  const text = `${date.toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`;
  const short = date.getUTCFullYear() < 2050;
  return der(short ? 23 : 24, Buffer.from(short ? text.slice(2) : text));
}

function extension(name, critical, value) {
  const flag = critical ? [Buffer.from([1, 1, 0xff])] : [];
  return sequence(oid(name), ...flag, der(tags.octets, value));
}

/** An authority may only sign certificates. */
function authorityExtensions() {
  return [
    extension("basicConstraints", true, sequence(Buffer.from([1, 1, 0xff]))),
    extension("keyUsage", true, der(tags.bits, Buffer.from([1, 0x06]))),
  ];
}

function serverExtensions(names) {
  const entries = names.map((name) => der(0x82, Buffer.from(name)));
  return [
    extension("basicConstraints", true, sequence()),
    extension("keyUsage", true, der(tags.bits, Buffer.from([7, 0x80]))),
    extension("subjectAltName", false, sequence(...entries)),
  ];
}

/** Identifiers of a certificate's key and of the key that signed it: strict verifiers require both. */
function keyExtensions(own, signer) {
  return [
    extension("subjectKeyIdentifier", false, der(tags.octets, own)),
    extension("authorityKeyIdentifier", false, sequence(der(0x80, signer))),
  ];
}

function certificate({ subject, issuer, days, extensions }) {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const publicKey = keys.publicKey.export({ type: "spki", format: "der" });
  const id = createHash("sha256").update(publicKey).digest().subarray(0, 20);
  // Positive and never zero.
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(15)]);
  const start = new Date(Date.now() - 3_600_000);
  const body = sequence(
    der(0xa0, der(tags.integer, Buffer.from([2]))),
    der(tags.integer, serial),
    algorithm,
    named(issuer?.name ?? subject),
    sequence(time(start), time(new Date(start.getTime() + days * 86_400_000))),
    named(subject),
    publicKey,
    der(0xa3, sequence(...extensions, ...keyExtensions(id, issuer?.id ?? id))),
  );
  const signature = sign("sha256", body, issuer?.key ?? keys.privateKey);
  const whole = sequence(body, algorithm, der(tags.bits, Buffer.from([0]), signature));
  const lines = whole.toString("base64").match(/.{1,64}/g);
  return {
    name: subject,
    id,
    key: keys.privateKey,
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}

/** Returns a self-signed authority. */
export function authority(name, days) {
  return certificate({ subject: name, days, extensions: authorityExtensions() });
}

/** Returns a certificate for DNS names, signed by an authority. */
export function signed(issuer, subject, names, days) {
  return certificate({ subject, issuer, days, extensions: serverExtensions(names) });
}

/** Returns a private key in PEM-encoded PKCS#8. */
export function keyText({ key }) {
  return key.export({ type: "pkcs8", format: "pem" });
}
