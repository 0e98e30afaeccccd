import type * as pulumi from "@pulumi/pulumi";
import type { SecretKey } from "../shared/environment";
import type { DeclaredSecret } from "../shared/secret";

/** A PostgreSQL database, in this cluster or outside of it. */
export interface DatabaseConnection {
  host: string;
  port: number;
  /** Name of the database. */
  name: string;
  sslMode: string;
  username: SecretKey;
  password: SecretKey;
  /** Makes the pods that hold the password start anew with another one. */
  podAnnotations: DeclaredSecret["podAnnotations"];
  /** What must run before; nothing when it is outside of the cluster. */
  resources: pulumi.Resource[];
}

/** A Redis server, in this cluster or outside of it. */
export interface RedisConnection {
  host: string;
  port: number;
  password: SecretKey;
  podAnnotations: DeclaredSecret["podAnnotations"];
  resources: pulumi.Resource[];
}

/** Numbers of Redis databases, one for each use, as Harbor's own installer gives them out. */
export const redisDatabases = { core: 0, jobs: 1, registry: 2, scanner: 5 } as const;

/** Variable that holds the password; the addresses below name it. */
const passwordVariable = "REDIS_PASSWORD";

/** Environment with the password of Redis, and addresses that hold it, by variable. */
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
