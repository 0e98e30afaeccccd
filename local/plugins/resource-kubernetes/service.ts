import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  type IResourceProviderServer,
  ResourceProviderService,
} from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { Engine } from "../shared/engine";
import { unary } from "../shared/handlers";
import { toDiffResponse } from "../shared/provider";
import { fromStruct, toStruct, unwrapSecrets, UNKNOWN, type PropertyMap } from "../shared/values";
import { NotReady } from "./await";
import { Client } from "./client";
import { compared } from "./compare";
import { toResponse } from "./diff-response";
import { initFailed } from "./init-failed";
import { named } from "./naming";
import { outputsOf } from "./outputs";
import { Provider, type Operation } from "./provider";
import { withoutText } from "./secret-data";
import { requireSupported, unsupported, version } from "./supported";

/** Adds the provider to a gRPC server. */
export function addKubernetes(server: grpc.Server, engine: Engine): void {
  const stopped = new AbortController();
  let provider: Provider | undefined;
  let failure: Error | undefined;

  const configured = (): Provider => {
    if (provider !== undefined) return provider;
    throw failure ?? new Error("The provider was not configured: its kubeconfig is not known yet.");
  };

  const operation = (
    request: { getUrn(): string; getType(): string; getTimeout?(): number },
    preview: boolean,
  ): Operation => ({
    urn: request.getUrn(),
    type: request.getType(),
    preview,
    timeout: request.getTimeout?.() ?? 0,
    progress: (message) => void engine.log("info", message, request.getUrn(), { ephemeral: true }),
  });

  server.addService(ResourceProviderService, {
    handshake: unary(() => new pb.ProviderHandshakeResponse().setAcceptSecrets(true)),
    getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
    getSchema: unary(() => new pb.GetSchemaResponse().setSchema("{}")),
    checkConfig: unary((request: pb.CheckRequest) =>
      new pb.CheckResponse().setInputs(request.getNews()),
    ),
    diffConfig: unary((request: pb.DiffRequest) => diffConfig(request)),
    configure: unary((request: pb.ConfigureRequest) => {
      const config = unwrapSecrets(fromStruct(request.getArgs()));
      try {
        const client = new Client({
          kubeconfig: text(config.kubeconfig),
          context: text(config.context),
        });
        provider = new Provider(client, stopped.signal, text(config.namespace));
      } catch (error) {
        failure = error as Error;
        if (config.kubeconfig !== UNKNOWN) throw error;
      }
      return new pb.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
    cancel: unary(() => {
      stopped.abort(new Error("The update was cancelled."));
      return new Empty();
    }),
    invoke: unary((request: pb.InvokeRequest) => {
      throw unsupported(request.getTok());
    }),
    check: unary(async (request: pb.CheckRequest) => {
      requireSupported(request.getType());
      const olds = fromStruct(request.getOlds());
      const inputs = named(
        fromStruct(request.getNews()),
        olds,
        request.getName(),
        request.getRandomseed_asU8(),
      );
      const placed = withoutText(await configured().withNamespace(inputs, request.getType()));
      return new pb.CheckResponse().setInputs(toStruct(placed));
    }),
    diff: unary((request: pb.DiffRequest) =>
      toResponse(
        compared(
          request.getType(),
          { inputs: fromStruct(request.getOldInputs()), outputs: fromStruct(request.getOlds()) },
          fromStruct(request.getNews()),
        ),
      ),
    ),
    create: unary(async (request: pb.CreateRequest) => {
      const inputs = fromStruct(request.getProperties());
      const { id, outputs } = await configured()
        .create(inputs, operation(request, request.getPreview()))
        .catch((error: unknown) => {
          throw recorded(error, inputs);
        });
      return new pb.CreateResponse().setId(id).setProperties(toStruct(outputs));
    }),
    update: unary(async (request: pb.UpdateRequest) => {
      const inputs = fromStruct(request.getNews());
      const outputs = await configured()
        .update(inputs, operation(request, request.getPreview()))
        .catch((error: unknown) => {
          throw recorded(error, inputs);
        });
      return new pb.UpdateResponse().setProperties(toStruct(outputs));
    }),
    read: unary(async (request: pb.ReadRequest) => {
      const found = await configured().read(
        request.getId(),
        fromStruct(request.getInputs()),
        request.getType(),
      );
      if (found === undefined) return new pb.ReadResponse();
      if (found.reasons.length > 0) throw initFailed(found);
      return new pb.ReadResponse()
        .setId(found.id)
        .setInputs(toStruct(found.inputs))
        .setProperties(toStruct(found.outputs));
    }),
    delete: unary(async (request: pb.DeleteRequest) => {
      await configured().delete(
        request.getId(),
        fromStruct(request.getOldInputs()),
        fromStruct(request.getProperties()),
        operation(request, false),
      );
      return new Empty();
    }),
  } satisfies Partial<IResourceProviderServer>);
}

/** Another cluster replaces all objects; another connection to the same cluster does not. */
function diffConfig(request: pb.DiffRequest): pb.DiffResponse {
  const [old, next] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
  const changed = (key: string) => JSON.stringify(old[key]) !== JSON.stringify(next[key]);
  const keys = ["kubeconfig", "context", "namespace", "clusterIdentifier"].filter(changed);
  const identified = next.clusterIdentifier !== undefined;
  return toDiffResponse(
    keys.map((path) => ({
      path,
      kind: "update",
      replace: path === "clusterIdentifier" || (!identified && path === "context"),
    })),
  );
}

/** Converts the error for an object that exists but is not ready; other errors are unchanged. */
function recorded(error: unknown, inputs: PropertyMap): unknown {
  if (!(error instanceof NotReady)) return error;
  const { live, reasons } = error;
  const { name, namespace } = live.metadata;
  const id = namespace === undefined ? name : `${namespace}/${name}`;
  return initFailed({ id, inputs, outputs: outputsOf(live, inputs), reasons });
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
