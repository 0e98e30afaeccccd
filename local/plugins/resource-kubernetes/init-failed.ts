import * as grpc from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { StatusError } from "../shared/handlers";
import { toStruct, type PropertyMap } from "../shared/values";

/** An object that exists, but is not ready. */
export interface Unready {
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
  /** The reasons, one line each. */
  reasons: string[];
}

/**
 * Returns the error for an object that exists but is not ready. It contains the object, so that the engine records it,
 * and the next update waits for it again.
 */
export function initFailed({ id, inputs, outputs, reasons }: Unready): StatusError {
  const detail = new pb.ErrorResourceInitFailed()
    .setId(id)
    .setProperties(toStruct(outputs))
    .setInputs(toStruct(inputs))
    .setReasonsList(reasons);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const message = reasons.join("; ");
  const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(message);
  // `addDetails` returns the detail instead of the status, so it cannot be at the end of the chain.
  status.addDetails(packed);
  const trailer = new grpc.Metadata();
  trailer.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return new StatusError(message, grpc.status.UNKNOWN, trailer);
}
