import * as grpc from "@grpc/grpc-js";
import { reasonOf } from "../../../config/reason";

/** An error with its own gRPC code and, if the protocol defines any, details in its metadata. */
export class StatusError extends Error {
  constructor(
    message: string,
    public readonly code: grpc.status,
    public readonly metadata: grpc.Metadata = new grpc.Metadata(),
  ) {
    super(message);
  }
}

/**
 * Returns a gRPC handler for a function. An error of the function becomes the call's error: a {@link StatusError} with
 * its code, any other error with code `UNKNOWN`, whose message the engine shows to the user.
 */
export function unary<Request, Response>(
  handle: (
    request: Request,
    call: grpc.ServerUnaryCall<Request, Response>,
  ) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then((request) => handle(request, call))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toStatus(error)),
      );
  };
}

/** Returns the gRPC status for an error. */
export function toStatus(error: unknown): Partial<grpc.StatusObject> {
  if (error instanceof StatusError) {
    const { code, message: details, metadata } = error;
    return { code, details, metadata };
  }
  const details = reasonOf(error);
  return { code: grpc.status.UNKNOWN, details };
}
