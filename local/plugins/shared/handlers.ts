import * as grpc from "@grpc/grpc-js";

/** An error with a gRPC code of its own and, where the protocol has some, details in its metadata. */
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
 * A gRPC handler from a plain function. What the function throws becomes the call's error: the
 * message of a {@link StatusError} with its code, any other error with code `UNKNOWN`, which the
 * engine shows to the user as it is.
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

/** The gRPC status that tells the engine about an error. */
export function toStatus(error: unknown): Partial<grpc.StatusObject> {
  if (error instanceof StatusError) {
    const { code, message: details, metadata } = error;
    return { code, details, metadata };
  }
  const details = error instanceof Error ? error.message : String(error);
  return { code: grpc.status.UNKNOWN, details };
}
