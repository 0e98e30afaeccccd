import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { customResourceDefinitions } from "../shared/crds";
import { declarePart, type PartArgs } from "../shared/context";
import { closeNamespace } from "../shared/network-policy";
import { cephDrivers, type CephDriver } from "./ceph";
import {
  cephFsClass,
  nfsClass,
  rbdClass,
  secretParameters,
  storageClass,
  type ClassSpec,
} from "./classes";
import { classesAfterRights } from "./claims";
import { driverNames, storageNamespace, type DriverArgs } from "./driver";
import { nfsDriver } from "./nfs";
import { snapshotClass, snapshotController } from "./snapshots";

export { claimingVolumes } from "./claims";

/**
 * Arguments of {@link Storage}. The placement of their context applies only to the controllers; the pods on the nodes run
 * wherever volumes are mounted.
 */
export type StorageArgs = PartArgs<"storage">;

/** The storage drivers of a cluster, and its StorageClasses. */
export class Storage extends pulumi.ComponentResource {
  /**
   * The declared classes by name, for {@link claimingVolumes}: a destroy then deletes claims while the driver can still
   * delete their volumes. Claims name their class as a plain string, never as an output of these, because the
   * replacement of a class would also replace them.
   */
  readonly classes: Record<string, k8s.storage.v1.StorageClass> = {};

  /** Name of the default class. */
  readonly defaultClass?: string;

  constructor(name: string, args: StorageArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:storage:Storage", name, {}, classesAfterRights(opts));
    const { config } = args;
    this.defaultClass = config.default;
    if (config.nfs ?? config.ceph ?? config.snapshots) {
      const driverArgs = this.driverArgs(args);
      if (driverArgs.snapshots !== undefined) {
        snapshotController(driverArgs, driverArgs.snapshots.definitions);
      }
      this.nfs(config, driverArgs);
      this.ceph(config, driverArgs);
      closeNamespace(driverArgs.part);
    }
    this.registerOutputs({ classes: Object.keys(this.classes).sort() });
  }

  private driverArgs({ context, config }: StorageArgs): DriverArgs {
    const { snapshots, replicas, kubeletDirectory, nodeLabels } = config;
    // The drivers mount folders of the nodes, which stricter levels do not allow.
    const part = declarePart(storageNamespace, { context, podSecurity: "privileged" }, this);
    const definitions =
      snapshots?.crds === undefined ? [] : customResourceDefinitions(snapshots.crds, this);
    return {
      part,
      replicas,
      kubeletDirectory,
      nodeLabels,
      ...(snapshots === undefined ? {} : { snapshots: { definitions } }),
    };
  }

  private nfs({ nfs }: StorageArgs["config"], args: DriverArgs): void {
    if (nfs === undefined) return;
    const driver = nfsDriver(args);
    this.declareClasses(nfs.exports, nfsClass, driver);
    this.declareSnapshots("nfs", driverNames.nfs, {}, args, driver);
  }

  private ceph({ ceph }: StorageArgs["config"], args: DriverArgs): void {
    if (ceph === undefined) return;
    const { rbd, cephfs } = cephDrivers(ceph, args);
    const { namespace } = args.part;
    const secretOf = (driver: CephDriver) => ({ name: driver.secret, namespace });
    const snapshotParameters = (driver: CephDriver) => ({
      clusterID: ceph.clusterId,
      ...secretParameters(["snapshotter"], secretOf(driver)),
    });
    if (rbd !== undefined) {
      const { resources } = rbd;
      this.declareClasses(
        ceph.rbd?.classes ?? {},
        (target) => rbdClass(ceph, target, secretOf(rbd)),
        resources,
      );
      this.declareSnapshots("ceph-rbd", driverNames.rbd, snapshotParameters(rbd), args, resources);
    }
    if (cephfs !== undefined) {
      const { resources } = cephfs;
      this.declareClasses(
        ceph.cephfs?.classes ?? {},
        (target) => cephFsClass(ceph, target, secretOf(cephfs)),
        resources,
      );
      this.declareSnapshots(
        "ceph-cephfs",
        driverNames.cephfs,
        snapshotParameters(cephfs),
        args,
        resources,
      );
    }
  }

  private declareClasses<Target>(
    targets: Record<string, Target>,
    spec: (target: Target) => ClassSpec,
    driver: pulumi.Resource[],
  ): void {
    for (const [name, target] of Object.entries(targets)) {
      this.classes[name] = storageClass(name, spec(target), {
        isDefault: name === this.defaultClass,
        driver,
        parent: this,
      });
    }
  }

  private declareSnapshots(
    name: string,
    driver: (typeof driverNames)[keyof typeof driverNames],
    parameters: Record<string, pulumi.Input<string>>,
    { snapshots }: DriverArgs,
    resources: pulumi.Resource[],
  ): void {
    if (snapshots === undefined) return;
    const dependsOn = [...snapshots.definitions, ...resources];
    snapshotClass(name, { driver, parameters, dependsOn }, this);
  }
}
