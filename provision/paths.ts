const kubernetes = "/etc/kubernetes";

/** Paths on a machine, which the script also uses. */
export const places = {
  kubernetes,
  init: `${kubernetes}/kubeadm.yaml`,
  join: `${kubernetes}/kubeadm-join.yaml`,
  patches: `${kubernetes}/patches`,
  /** Kubeconfig with which a machine joins. It contains a token, and is removed afterwards. */
  discovery: `${kubernetes}/discovery.conf`,
  policy: `${kubernetes}/policy`,
  audit: `${kubernetes}/policy/audit.yaml`,
  admission: `${kubernetes}/policy/admission.yaml`,
  /** Folder of the file with the key, which is generated on the first machine. */
  encryption: `${kubernetes}/encryption`,
  auditLog: "/var/log/kubernetes/audit",
  network: `${kubernetes}/network`,
  certificates: "/etc/containerd/certs.d",
  authorities: "/usr/local/share/ca-certificates/cluster-authorities.crt",
  firewall: "/etc/nftables.d/machine.nft",
} as const;
