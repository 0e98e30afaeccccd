import { type PendingOperation, type State, type StateResource } from "../../../../engine/state";

export const urnOf = (type: string, name: string) => `urn:pulumi:dev::platform::${type}::${name}`;

export const root: StateResource = {
  urn: urnOf("pulumi:pulumi:Stack", "platform-dev"),
  type: "pulumi:pulumi:Stack",
  custom: false,
};

export const provider: StateResource = {
  urn: urnOf("pulumi:providers:kubernetes", "cluster"),
  type: "pulumi:providers:kubernetes",
  custom: true,
  id: "new",
  inputs: { kubeconfig: "k", context: "c" },
};

export function deployment(name: string, more: Partial<StateResource> = {}): StateResource {
  return {
    urn: urnOf("kubernetes:apps/v1:Deployment", name),
    type: "kubernetes:apps/v1:Deployment",
    custom: true,
    inputs: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace: "ours" } },
    provider: `${provider.urn}::old`,
    ...more,
  };
}

export function stateOf(pending: PendingOperation[], ...resources: StateResource[]): State {
  return {
    version: 3,
    deployment: { resources: [root, provider, ...resources], pending_operations: pending },
  };
}
