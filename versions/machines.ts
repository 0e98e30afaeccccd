import type { KubernetesVersion } from "./kubernetes";

/**
 * Images of the load balancer in front of the API servers, which runs as static pods. HAProxy's digest is the one that
 * docker-library/repo-info lists for the tag. The tag of keepalived is that of the changelog of osixia/container-keepalived,
 * which lists no digests; 2.1 to 2.3.3 were never published.
 */
export const balancerImages = {
  haproxy:
    "docker.io/library/haproxy:3.2.24-alpine@sha256:d96a0d2c0c5eaeb70b20af39ae157753dda52233eb4b113b518b517239c0c9b4",
  keepalived: "docker.io/osixia/keepalived:2.3.4",
} as const;

/** Tag of the pause image that kubeadm of each version expects, from its constants. */
export const pauseTags: Record<KubernetesVersion, string> = {
  "1.34": "3.10.1",
  "1.35": "3.10.1",
  "1.36": "3.10.2",
  "1.37": "3.10.2",
};
