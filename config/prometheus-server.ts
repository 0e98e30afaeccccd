/** Namespace, Service and port of the Prometheus of the component `monitoring`. */
export const prometheusServer = {
  namespace: "monitoring",
  name: "prometheus",
  port: 9090,
} as const;

/** Address of the Prometheus of the component `monitoring` inside its cluster. */
export const monitoringPrometheus = `http://${prometheusServer.name}.${prometheusServer.namespace}.svc:${prometheusServer.port}`;
