import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request to the server. */
export interface Asked {
  /** For example `encrypt`. */
  operation: string;
  key: string;
  /** Whether the token was valid. */
  allowed: boolean;
}

/** Format of Vault's ciphertext: `vault:v1:` and the base64 of nonce, tag and text. */
const form = /^vault:v(\d+):(.+)$/;

/**
 * A stub of Vault's engine `transit` with two requests, encrypt and decrypt, and keys with versions. It is used because
 * no registry has a Vault that is quick to build. It encrypts for real, requires a token, and records its requests.
 */
export class TransitServer {
  readonly token = "token-of-this-test";
  readonly asked: Asked[] = [];
  /** Versions of each key by name; the last one encrypts. */
  private readonly keys = new Map<string, Buffer[]>();
  private readonly server = createServer((request, response) => {
    void this.answer(request, response);
  });

  /**
   * Starts it.
   * @returns its URL.
   */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Creates a key, or a new version of it. */
  rotate(key: string): void {
    this.keys.set(key, [...(this.keys.get(key) ?? []), randomBytes(32)]);
  }

  /** Deletes all versions of a key except the last. */
  forgetFormer(key: string): void {
    const versions = this.keys.get(key) ?? [];
    this.keys.set(
      key,
      versions.map((version, index) => (index < versions.length - 1 ? Buffer.alloc(0) : version)),
    );
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [, operation = "", key = ""] =
      /^\/v1\/transit\/(encrypt|decrypt)\/([^/]+)$/.exec(request.url ?? "") ?? [];
    const allowed = request.headers["x-vault-token"] === this.token;
    this.asked.push({ operation, key, allowed });
    const reply = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (!allowed) reply(403, { errors: ["permission denied"] });
    else if (operation === "" || !this.keys.has(key))
      reply(400, { errors: ["encryption key not found"] });
    else {
      try {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
        const data =
          operation === "encrypt"
            ? { ciphertext: this.encrypt(key, body.plaintext ?? "") }
            : { plaintext: this.decrypt(key, body.ciphertext ?? "") };
        reply(200, { data });
      } catch {
        reply(400, { errors: ["invalid ciphertext"] });
      }
    }
  }

  private encrypt(key: string, plaintext: string): string {
    const versions = this.keys.get(key) ?? [];
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", versions.at(-1) ?? "", nonce);
    const text = Buffer.concat([cipher.update(plaintext, "base64"), cipher.final()]);
    const all = Buffer.concat([nonce, cipher.getAuthTag(), text]);
    return `vault:v${versions.length}:${all.toString("base64")}`;
  }

  private decrypt(key: string, ciphertext: string): string {
    const [, version, text = ""] = form.exec(ciphertext) ?? [];
    const all = Buffer.from(text, "base64");
    const secret = this.keys.get(key)?.[Number(version) - 1] ?? "";
    const decipher = createDecipheriv("aes-256-gcm", secret, all.subarray(0, 12));
    decipher.setAuthTag(all.subarray(12, 28));
    return Buffer.concat([decipher.update(all.subarray(28)), decipher.final()]).toString("base64");
  }
}
