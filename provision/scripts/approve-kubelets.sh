#!/bin/sh
# Approves the server certificates that kubelets of this cluster ask for: those of a node of the plan, with its own name
# and address and nothing else. Everything else is left to a person.
set -eu
nodes=${NODES_FILE-/etc/kubernetes/policy/nodes}
export KUBECONFIG="${KUBECONFIG-/etc/kubernetes/admin.conf}"

pending() {
  kubectl get certificatesigningrequests -o go-template='{{range .items}}{{if and (eq .spec.signerName "kubernetes.io/kubelet-serving") (not .status.conditions)}}{{.metadata.name}} {{.spec.username}} {{.spec.request}}{{"\n"}}{{end}}{{end}}'
}

# The names of a request, sorted: DNS:worker-1 IP Address:10.20.0.31
names_of() {
  openssl req -noout -text 2>/dev/null | sed -n '/Subject Alternative Name/{n;s/^ *//;p;}' | tr ',' '\n' | sed 's/^ *//' | LC_ALL=C sort | tr '\n' ' '
}

subject_of() { openssl req -noout -subject -nameopt RFC2253 2>/dev/null; }

pending | while read -r request username encoded; do
  node=${username#system:node:}
  address=$(awk -v node="$node" '$1 == node { print $2 }' "$nodes")
  if [ "$username" != "system:node:$node" ] || [ -z "$address" ]; then
    echo "$request: $username is not a node of this cluster's plan" >&2
    continue
  fi
  found=$(printf '%s' "$encoded" | base64 -d | names_of)
  subject=$(printf '%s' "$encoded" | base64 -d | subject_of)
  if [ "$found" != "DNS:$node IP Address:$address " ] || [ "$subject" != "subject=CN=system:node:$node,O=system:nodes" ]; then
    echo "$request: expected $node and $address, got ${found:-nothing} of $subject" >&2
    continue
  fi
  kubectl certificate approve "$request"
done
