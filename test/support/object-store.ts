import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { binary } from "../../local/toolchain/install";
import { run } from "../../local/toolchain/run";
import { freePort } from "./backup";
import { lockFolder, type Backend } from "./backend";
import { signedFetch, type Keys } from "./signed";

const region = "eu-central-1";
const administrator: Keys = { accessKey: "administrator", secretKey: "administrator-secret" };

/** A version of an object in a bucket. */
export interface Version {
  key: string;
  id: string;
  latest: boolean;
  /** Whether it is a delete marker. */
  deleted: boolean;
}

/**
 * A real S3 server for one test on this machine: versitygw on a folder. It verifies signatures and bucket policies, and
 * keeps versions.
 */
export class ObjectStore {
  private constructor(
    readonly endpoint: string,
    private readonly folder: string,
    private readonly server: ChildProcess,
  ) {}

  /** Starts one, and waits until it responds. */
  static async start(): Promise<ObjectStore> {
    const folder = mkdtempSync(join(tmpdir(), "object-store-"));
    const place = (name: string) => {
      mkdirSync(join(folder, name));
      return join(folder, name);
    };
    const address = `127.0.0.1:${await freePort()}`;
    const server = spawn(
      binary("versitygw"),
      [
        ...["--port", address, "--region", region, "--quiet", "--iam-dir", place("accounts")],
        // Metadata of objects is kept in files, because not every file system has extended attributes.
        ...["posix", "--sidecar", place("attributes")],
        ...["--versioning-dir", place("versions"), place("buckets")],
      ],
      {
        env: {
          ROOT_ACCESS_KEY: administrator.accessKey,
          ROOT_SECRET_KEY: administrator.secretKey,
        },
        stdio: "ignore",
      },
    );
    const store = new ObjectStore(`http://${address}`, folder, server);
    await store.ready(60);
    return store;
  }

  async stop(): Promise<void> {
    if (this.server.exitCode === null && this.server.signalCode === null) {
      this.server.kill();
      await once(this.server, "exit");
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Creates an account without rights. */
  async account(accessKey: string): Promise<Keys> {
    const keys = { accessKey, secretKey: `${accessKey}-secret` };
    const { accessKey: admin, secretKey } = administrator;
    await run(binary("versitygw"), [
      ...["admin", "--endpoint-url", this.endpoint, "--region", region],
      ...["--access", admin, "--secret", secretKey, "create-user", "--role", "user"],
      ...["--access", keys.accessKey, "--secret", keys.secretKey],
    ]);
    return keys;
  }

  /** Creates a bucket that belongs to the administrator, with a retention of one day for all versions. */
  async bucket(name: string, policy: object): Promise<void> {
    await this.ask("PUT", `/${name}`);
    await this.ask(
      "PUT",
      `/${name}?versioning=`,
      "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
    );
    const retention = "<DefaultRetention><Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention>";
    await this.ask(
      "PUT",
      `/${name}?object-lock=`,
      `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule>${retention}</Rule></ObjectLockConfiguration>`,
    );
    await this.ask("PUT", `/${name}?policy=`, JSON.stringify(policy));
  }

  /** Returns the keys of objects with a prefix. */
  async keys(bucket: string, prefix = ""): Promise<string[]> {
    const query = new URLSearchParams({ "list-type": "2", prefix });
    const text = whole(await this.ask("GET", `/${bucket}?${query.toString()}`));
    return [...text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = ""]) => key);
  }

  /** Returns the content of an object. */
  text(bucket: string, key: string, version?: string): Promise<string> {
    const query = version === undefined ? "" : `?versionId=${version}`;
    return this.ask("GET", `/${bucket}/${key}${query}`);
  }

  /** Writes an object as the administrator. */
  async put(bucket: string, key: string, text: string): Promise<void> {
    await this.ask("PUT", `/${bucket}/${key}`, text);
  }

  /** Deletes an object, or one version of it, as the administrator; other versions remain. */
  async delete(bucket: string, key: string, version?: string): Promise<void> {
    const query = version === undefined ? "" : `?versionId=${version}`;
    await this.ask("DELETE", `/${bucket}/${key}${query}`);
  }

  /** Returns every version of the objects with a prefix, the latest first. */
  async versions(bucket: string, prefix: string): Promise<Version[]> {
    const query = new URLSearchParams({ prefix });
    const text = whole(await this.ask("GET", `/${bucket}?versions=&${query.toString()}`));
    return [...text.matchAll(/<(Version|DeleteMarker)>(.*?)<\/\1>/gs)].map(
      ([, kind, fields = ""]) => ({
        key: field(fields, "Key"),
        id: field(fields, "VersionId"),
        latest: field(fields, "IsLatest") === "true",
        deleted: kind === "DeleteMarker",
      }),
    );
  }

  /** Returns the engine's URL of a bucket. */
  url(bucket: string): string {
    const query = new URLSearchParams({
      endpoint: this.endpoint,
      region,
      s3ForcePathStyle: "true",
      request_checksum_calculation: "when_supported",
    });
    return `s3://${bucket}?${query.toString()}`;
  }

  /** Returns a bucket as a backend. */
  backend(bucket: string, { accessKey, secretKey }: Keys): Backend {
    return {
      environment: {
        PULUMI_BACKEND_URL: this.url(bucket),
        AWS_ACCESS_KEY_ID: accessKey,
        AWS_SECRET_ACCESS_KEY: secretKey,
        // Settings of the current user must not interfere.
        AWS_SESSION_TOKEN: "",
        AWS_PROFILE: "",
      },
      locks: (stack) => this.keys(bucket, `${lockFolder(stack)}/`),
    };
  }

  private async ready(seconds: number): Promise<void> {
    for (const end = Date.now() + seconds * 1000; ; await sleep(100)) {
      const answer = await fetch(this.endpoint).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer !== undefined) return;
      if (this.server.exitCode !== null || Date.now() > end) {
        await this.stop();
        throw new Error("versitygw does not start");
      }
    }
  }

  private async ask(method: string, path: string, body?: string): Promise<string> {
    const url = new URL(path, this.endpoint);
    const answer = await signedFetch({ url, method, body, region, keys: administrator });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text;
  }
}

/** A truncated list would hide objects from a test. */
function whole(xml: string): string {
  if (field(xml, "IsTruncated") === "true") throw new Error("the list of a bucket is cut off");
  return xml;
}

function field(xml: string, name: string): string {
  return new RegExp(`<${name}>(.*?)</${name}>`).exec(xml)?.[1] ?? "";
}
