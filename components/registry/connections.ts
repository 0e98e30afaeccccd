import type * as pulumi from "@pulumi/pulumi";
import type { SecretKey } from "../shared/environment";
import type { DeclaredSecret } from "../shared/secret";

/** A PostgreSQL database, internal or external. */
export interface DatabaseConnection {
  host: string;
  port: number;
  /** Name of the database. */
  name: string;
  sslMode: string;
  username: SecretKey;
  password: SecretKey;
  /** Restart the pods that read the password when it changes. */
  podAnnotations: DeclaredSecret["podAnnotations"];
  /** Resources that must run before; empty for an external database. */
  resources: pulumi.Resource[];
}

/** A Redis server, internal or external. */
export interface RedisConnection {
  host: string;
  port: number;
  password: SecretKey;
  podAnnotations: DeclaredSecret["podAnnotations"];
  resources: pulumi.Resource[];
}

/** Numbers of Redis databases by use, as in Harbor's own installer. */
export const redisDatabases = { core: 0, jobs: 1, registry: 2, scanner: 5 } as const;

/** Variable with the password, which the URLs below refer to. */
const passwordVariable = "REDIS_PASSWORD";

/** Returns the environment with the password of Redis and URLs that contain it, by variable. */
export function redisAddresses(
  redis: RedisConnection,
  addresses: Record<string, keyof typeof redisDatabases>,
): Record<string, string | SecretKey> {
  return {
    [passwordVariable]: redis.password,
    ...Object.fromEntries(
      Object.entries(addresses).map(([variable, use]) => [
        variable,
        `redis://:$(${passwordVariable})@${redis.host}:${redis.port}/${redisDatabases[use]}?idle_timeout_seconds=30`,
      ]),
    ),
  };
}
