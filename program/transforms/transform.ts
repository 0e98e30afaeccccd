/** An object of a part of the platform, as the program declares it. */
export interface TransformedObject {
  kind: string;
  name: string;
  /** Undefined for an object without a namespace. */
  namespace: string | undefined;
  /** Group and version, for example `apps/v1`. */
  apiVersion: string;
}

/** Inputs of an object: its manifest, in which any value can be a `pulumi.Output`. */
export type Props = Record<string, unknown>;

/** A change of objects of the platform's parts, in every stack. */
export interface Transform {
  /** What it changes, for example `nodeSelector of all CronJobs`. Previews show it. */
  title: string;
  /** Why no key of the config and no argument of the part is enough. Previews show it. */
  reason: string;
  /**
   * Returns the changed inputs of an object, or undefined to leave it as it is. The kind, the API version, the name and
   * the namespace must stay. The checksums that restart pods are computed before, so changed data of a ConfigMap or of
   * a Secret restarts no pods.
   */
  apply(object: TransformedObject, props: Props): Props | undefined;
}
