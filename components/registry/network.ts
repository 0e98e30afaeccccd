import type { HarborConfig } from "../../config";
import { anyAddress, podsOf, type Network } from "../shared/network-policy";
import { ports } from "./config-files";

type Egress = NonNullable<Network["egress"]>;

/** Servers that the company has beside this cluster. */
export function external(...numbers: number[]): Egress {
  return numbers.length === 0 ? [] : [{ to: [anyAddress], ports: numbers }];
}

/** The way to the database. */
export function toDatabase({ database }: Pick<HarborConfig, "database">): Egress {
  return database.type === "external"
    ? external(database.port)
    : [{ to: [podsOf("harbor-database")], ports: [ports.database] }];
}

/** The way to Redis. */
export function toRedis({ redis }: Pick<HarborConfig, "redis">): Egress {
  return redis.type === "external"
    ? external(redis.port)
    : [{ to: [podsOf("harbor-redis")], ports: [ports.redis] }];
}

/** The way to another workload of Harbor. */
export function toWorkload(name: string, ...numbers: number[]): Egress {
  return [{ to: [podsOf(name)], ports: numbers }];
}

/** The port of the store of layers, where it is outside. */
export function toStore({ storage }: Pick<HarborConfig, "storage">): Egress {
  if (storage.type === "volume") return [];
  const { port, protocol } = new URL(storage.endpoint ?? "https://s3.amazonaws.com");
  return external(port === "" ? (protocol === "http:" ? 80 : 443) : Number(port));
}
