import type { KubernetesVersion } from "./kubernetes";

/** Images of the load balancer in front of the API servers, which runs as static pods. */
export const balancerImages = {
  haproxy: "docker.io/library/haproxy:3.2.9-alpine",
  keepalived: "docker.io/osixia/keepalived:2.3.1",
} as const;

/** Tag of the pause image that kubeadm of each version expects, from its constants. */
export const pauseTags: Record<KubernetesVersion, string> = {
  "1.34": "3.10.1",
  "1.35": "3.10.1",
  "1.36": "3.10.2",
  "1.37": "3.10.2",
};
