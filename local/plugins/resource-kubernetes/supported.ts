import { status } from "@grpc/grpc-js";
import { StatusError } from "../shared/handlers";

/** Version of the SDK that this plugin supports. */
export const version = "4.34.2";

/** Groups of built-in kinds: the kind of a custom resource may have the name `AllowList`. */
const ownGroup = /^kubernetes:(?:[a-z]+|[a-z0-9.-]+\.k8s\.io)\//;

/** Types of the official plugin only: charts, files of objects, and patches of existing objects. */
const officialOnly = /^kubernetes:(?:helm\.sh|yaml|kustomize)\/|Patch$/;

/** @throws StatusError for a type that this plugin does not support, or that cannot be created. */
export function requireSupported(type: string): void {
  if (officialOnly.test(type)) throw unsupported(type);
  if (!(ownGroup.test(type) && type.endsWith("List"))) return;
  throw new StatusError(
    `${type}: expected the type of one object, got a list of objects, which cannot be created; declare each of them.`,
    status.INVALID_ARGUMENT,
  );
}

/** Returns the error for a feature of the official plugin only. */
export function unsupported(what: string): StatusError {
  return new StatusError(
    `${what} is not supported by the plugin for machines without plugin downloads; install the official one with "pulumi plugin install resource kubernetes ${version}".`,
    status.UNIMPLEMENTED,
  );
}
