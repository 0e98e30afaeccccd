import { containersOf, type Workload } from "../../policy/workloads";

/** A Secret that a workload's pods read. */
export interface SecretRead {
  name: string;
  /** Key that must be there; undefined if the pods read the whole Secret, or start without the key. */
  key?: string;
}

/** Returns the Secrets that a workload's pods read as files or as variables. */
export function secretReads(workload: Workload): SecretRead[] {
  const files = (workload.pod.volumes ?? []).flatMap(({ secret, projected }) => [
    { name: secret?.secretName, items: secret?.items },
    ...(projected?.sources ?? []).map((source) => ({
      name: source.secret?.name,
      items: source.secret?.items,
    })),
  ]);
  const variables = containersOf(workload).flatMap(({ env = [], envFrom = [] }) => [
    ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef ?? {}),
    ...envFrom.map(({ secretRef }) => ({ name: secretRef?.name })),
  ]);
  return [
    ...files.flatMap(({ name, items }) =>
      (items ?? [{}]).map(({ key }: { key?: string }) => ({ name, key })),
    ),
    ...variables.map(
      ({ name, key, optional }: { name?: string; key?: string; optional?: boolean }) => ({
        name,
        key: optional ? undefined : key,
      }),
    ),
  ].flatMap(({ name, key }) => (name === undefined ? [] : [{ name, key }]));
}
