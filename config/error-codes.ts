/**
 * Codes of requests that failed at the server, as a regular expression for the label `code` of Traefik's metrics.
 * For gRPC, which always answers 200, the label has gRPC's own code: 4 DEADLINE_EXCEEDED, 12 UNIMPLEMENTED,
 * 13 INTERNAL, 14 UNAVAILABLE and 15 DATA_LOSS are errors of the server by OpenTelemetry's conventions.
 * {@link unclearCode} would be one as well.
 */
export const serverErrors = "5..|4|12|13|14|15";

/**
 * Code that Traefik 3.6 reports for a gRPC request that failed with UNKNOWN, for one that reached no pod, and for
 * one that succeeded: it looks for `grpc-status` in the headers, and servers send it in the trailers. Tried with
 * Traefik 3.6.23 and a server of grpc-js.
 */
export const unclearCode = "2";
