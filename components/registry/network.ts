import type { HarborConfig } from "../../config";
import { anyAddress, podsOf, type Network } from "../shared/network-policy";
import { ports } from "./config-files";

type Egress = NonNullable<Network["egress"]>;

/** Connections to the company's servers outside the cluster. */
export function external(...numbers: number[]): Egress {
  return numbers.length === 0 ? [] : [{ to: [anyAddress], ports: numbers }];
}

/** Connection to the database. */
export function toDatabase({ database }: Pick<HarborConfig, "database">): Egress {
  return database.type === "external"
    ? external(database.port)
    : [{ to: [podsOf("harbor-database")], ports: [ports.database] }];
}

/** Connection to Redis. */
export function toRedis({ redis }: Pick<HarborConfig, "redis">): Egress {
  return redis.type === "external"
    ? external(redis.port)
    : [{ to: [podsOf("harbor-redis")], ports: [ports.redis] }];
}

/** Connection to another workload of Harbor. */
export function toWorkload(name: string, ...numbers: number[]): Egress {
  return [{ to: [podsOf(name)], ports: numbers }];
}

/** Connection to the store of layers, if it is external. */
export function toStore({ storage }: Pick<HarborConfig, "storage">): Egress {
  if (storage.type === "volume") return [];
  const { port, protocol } = new URL(storage.endpoint ?? "https://s3.amazonaws.com");
  return external(port === "" ? (protocol === "http:" ? 80 : 443) : Number(port));
}
