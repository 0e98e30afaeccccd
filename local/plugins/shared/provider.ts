import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  IResourceProviderServer,
  ResourceProviderService,
} from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { PropertyChange } from "./diff";
import { StatusError, unary } from "./handlers";
import { fromStruct, PropertyMap, toStruct } from "./values";

/** An operation on one resource. */
export interface Operation {
  urn: string;
  /** Whether it is a preview, which must not change anything. */
  preview: boolean;
  /** Aborted when the user cancels the update. */
  signal: AbortSignal;
}

/** A resource as last recorded. */
export interface Recorded {
  id: string;
  /** The outputs. */
  state: PropertyMap;
  /** The checked inputs of the outputs. */
  inputs: PropertyMap;
}

/** A problem with one property, for the user. */
export interface CheckFailure {
  /** Path of the property; empty if it concerns several. */
  property: string;
  reason: string;
}

/** A change that an update would make. */
export interface ResourceChange extends Omit<PropertyChange, "keys"> {
  /** Whether the change replaces the resource. */
  replace: boolean;
}

/**
 * Operations of a provider for one type of resource. Properties contain `Secret` and `UNKNOWN` as the engine sent them;
 * unknown values occur only in `check`, `diff` and previews.
 */
export interface ResourceHandler {
  /** Completes and validates inputs. It runs before every other operation with new inputs. */
  check(
    inputs: PropertyMap,
    operation: Operation,
  ): Awaitable<{ inputs: PropertyMap; failures: CheckFailure[] }>;
  /** Returns what an update from `old` to `inputs` would change; empty for nothing. */
  diff(old: Recorded, inputs: PropertyMap): Awaitable<ResourceChange[]>;
  create(inputs: PropertyMap, operation: Operation): Awaitable<{ id: string; state: PropertyMap }>;
  /** Returns the current resource; undefined if it was deleted. For an import, only the ID is known. */
  read(old: Recorded, operation: Operation): Awaitable<Recorded | undefined>;
  update(old: Recorded, inputs: PropertyMap, operation: Operation): Awaitable<PropertyMap>;
  delete(old: Recorded, operation: Operation): Awaitable<void>;
}

type Awaitable<T> = T | Promise<T>;

/** A provider whose resources are independent of each other. */
export interface ProviderDefinition {
  /** Semantic version, without "v". The engine rejects a plugin that is older than the SDK requires. */
  version: string;
  /** Handlers by type token, for example `random:index/randomId:RandomId`. */
  resources: { readonly [type: string]: ResourceHandler };
  /** Receives the provider's configuration before the first operation on a resource. */
  configure?: (config: PropertyMap) => void;
}

/** Adds `definition` to a gRPC server. */
export function addProvider(server: grpc.Server, definition: ProviderDefinition): void {
  const cancelled = new AbortController();
  server.addService(ResourceProviderService, {
    handshake: unary(() => new pb.ProviderHandshakeResponse().setAcceptSecrets(true)),
    getPluginInfo: unary(() => new PluginInfo().setVersion(definition.version)),
    checkConfig: unary((request: pb.CheckRequest) =>
      new pb.CheckResponse().setInputs(request.getNews()),
    ),
    configure: unary((request: pb.ConfigureRequest) => {
      definition.configure?.(fromStruct(request.getArgs()));
      return new pb.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
    cancel: unary(() => {
      cancelled.abort(new Error("The update was cancelled."));
      return new Empty();
    }),
    ...resourceHandlers(definition, cancelled.signal),
  } satisfies Partial<IResourceProviderServer>);
}

function resourceHandlers(
  definition: ProviderDefinition,
  signal: AbortSignal,
): Partial<IResourceProviderServer> {
  const operation = (urn: string, preview: boolean): Operation => ({
    ...{ urn, preview, signal },
  });
  return {
    check: unary(async (request: pb.CheckRequest) => {
      const { inputs, failures } = await handler(definition, request).check(
        fromStruct(request.getNews()),
        operation(request.getUrn(), true),
      );
      return new pb.CheckResponse()
        .setInputs(toStruct(inputs))
        .setFailuresList(failures.map(toFailure));
    }),
    diff: unary(async (request: pb.DiffRequest) =>
      toDiffResponse(
        await handler(definition, request).diff(
          recorded(request, request.getOlds(), request.getOldInputs()),
          fromStruct(request.getNews()),
        ),
      ),
    ),
    create: unary(async (request: pb.CreateRequest) => {
      const { id, state } = await handler(definition, request).create(
        fromStruct(request.getProperties()),
        operation(request.getUrn(), request.getPreview()),
      );
      return new pb.CreateResponse().setId(id).setProperties(toStruct(state));
    }),
    read: unary(async (request: pb.ReadRequest) => {
      const found = await handler(definition, request).read(
        recorded(request, request.getProperties(), request.getInputs()),
        operation(request.getUrn(), false),
      );
      if (!found) return new pb.ReadResponse();
      return new pb.ReadResponse()
        .setId(found.id)
        .setProperties(toStruct(found.state))
        .setInputs(toStruct(found.inputs));
    }),
    update: unary(async (request: pb.UpdateRequest) => {
      const state = await handler(definition, request).update(
        recorded(request, request.getOlds(), request.getOldInputs()),
        fromStruct(request.getNews()),
        operation(request.getUrn(), request.getPreview()),
      );
      return new pb.UpdateResponse().setProperties(toStruct(state));
    }),
    delete: unary(async (request: pb.DeleteRequest) => {
      await handler(definition, request).delete(
        recorded(request, request.getProperties(), request.getOldInputs()),
        operation(request.getUrn(), false),
      );
      return new Empty();
    }),
  };
}

function handler(definition: ProviderDefinition, request: { getType(): string }): ResourceHandler {
  const type = request.getType();
  const found = definition.resources[type];
  if (found) return found;
  const known = Object.keys(definition.resources).join(", ");
  throw new StatusError(
    `The plugin for machines without plugin downloads has no resource type ${type}; it has ${known}. ` +
      "Install the official plugin with `pulumi plugin install` to use this type.",
    grpc.status.UNIMPLEMENTED,
  );
}

function recorded(
  request: { getId(): string },
  state: Struct | undefined,
  inputs: Struct | undefined,
): Recorded {
  return {
    id: request.getId(),
    state: fromStruct(state),
    inputs: fromStruct(inputs),
  };
}

function toFailure(failure: CheckFailure): pb.CheckFailure {
  return new pb.CheckFailure().setProperty(failure.property).setReason(failure.reason);
}

const KINDS = {
  add: { keep: pb.PropertyDiff.Kind.ADD, replace: pb.PropertyDiff.Kind.ADD_REPLACE },
  delete: { keep: pb.PropertyDiff.Kind.DELETE, replace: pb.PropertyDiff.Kind.DELETE_REPLACE },
  update: { keep: pb.PropertyDiff.Kind.UPDATE, replace: pb.PropertyDiff.Kind.UPDATE_REPLACE },
};

/** Returns changes in the protocol's format. */
export function toDiffResponse(changes: ResourceChange[]): pb.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
  const response = new pb.DiffResponse()
    .setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setHasdetaileddiff(true);
  for (const { path, kind, replace } of changes) {
    const diff = new pb.PropertyDiff()
      .setKind(KINDS[kind][replace ? "replace" : "keep"])
      .setInputdiff(true);
    response.getDetaileddiffMap().set(path, diff);
    const root = /^[^.[]+/.exec(path)?.[0] ?? path;
    response.addDiffs(root);
    if (replace) response.addReplaces(root);
  }
  return response;
}
