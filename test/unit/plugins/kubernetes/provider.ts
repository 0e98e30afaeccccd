import { type PropertyMap } from "../../../../local/plugins/shared/values";

export const urn = "urn:pulumi:dev::platform::kubernetes:core/v1:ConfigMap::a";

export const type = "kubernetes:core/v1:ConfigMap";

export const folder = "/api/v1/namespaces/n/configmaps";

export const path = `${folder}/a`;

export const inputs = (more: PropertyMap = {}, metadata: PropertyMap = {}): PropertyMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "n", ...metadata },
  ...more,
});

export const object = (manager: string, more: object = {}) => ({
  ...inputs(),
  metadata: {
    ...{ name: "a", namespace: "n", uid: "1" },
    managedFields: [{ manager, operation: "Update", fieldsV1: {} }],
  },
  ...more,
});

export const operation = (preview = false) => ({
  urn,
  type,
  preview,
  timeout: 1,
  progress: () => {},
});
