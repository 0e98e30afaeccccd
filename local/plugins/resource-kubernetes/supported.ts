import { status } from "@grpc/grpc-js";
import { StatusError } from "../shared/handlers";

/** Version of the SDK that this plugin answers to. */
export const version = "4.34.2";

/** Groups of Kubernetes' own kinds: a custom one may well be called `AllowList`. */
const ownGroup = /^kubernetes:(?:[a-z]+|[a-z0-9.-]+\.k8s\.io)\//;

/** What only the official plugin can do: charts, files of objects, and patches of others' objects. */
const officialOnly = /^kubernetes:(?:helm\.sh|yaml|kustomize)\/|Patch$/;

/** @throws StatusError for a type of resource that this plugin does not have, or that nobody can create. */
export function requireSupported(type: string): void {
  if (officialOnly.test(type)) throw unsupported(type);
  if (!(ownGroup.test(type) && type.endsWith("List"))) return;
  throw new StatusError(
    `${type}: expected the type of one object, got a list of objects, which cannot be created; declare each of them.`,
    status.INVALID_ARGUMENT,
  );
}

/** The error about something that only the official plugin has. */
export function unsupported(what: string): StatusError {
  return new StatusError(
    `${what} is not supported by the plugin for machines without plugin downloads; install the official one with "pulumi plugin install resource kubernetes ${version}".`,
    status.UNIMPLEMENTED,
  );
}
