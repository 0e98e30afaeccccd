import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { awsCredentials, credentialsFile, type BucketKeys } from "../shared/bucket";
import { immutableConfigMap } from "../shared/config-map";
import { objectLabels } from "../shared/labels";
import { scratch, type PartContainer, type PodVolume } from "../shared/pod-template";
import { secret } from "../shared/secret";
import type { Place } from "./place";

/** What a node's pod needs so that its keystore has the keys of the snapshots' bucket. */
export interface Keystore {
  initContainers?: PartContainer[];
  /** The folder of settings, below which other volumes may be mounted. */
  volumeMounts: k8s.types.input.core.v1.VolumeMount[];
  volumes: PodVolume[];
  /** Of the pod: other keys restart the nodes. */
  annotations?: Record<string, pulumi.Output<string>>;
  dependsOn: pulumi.Resource[];
}

const name = "elasticsearch-keystore";
const prepared = "/prepared";
const script = "prepare.sh";
const folders = { script: "/keystore", keys: "/run/secrets/bucket" };

/**
 * The keystore of a node, which Elasticsearch reads secret settings from and from nowhere else. It
 * is made anew at every start, in a folder that holds the image's own settings as well, because the
 * image adds to the keystore, and replaces the file for that.
 * @param folder where the image has its settings.
 * @returns nothing to add without keys.
 */
export function keystore(place: Place, folder: string, keys: BucketKeys | undefined): Keystore {
  if (keys === undefined) return { volumeMounts: [], volumes: [], dependsOn: [] };
  const { namespace, parent } = place;
  const text = readFileSync(join(__dirname, "keystore", script), "utf8");
  const files = immutableConfigMap(
    name,
    { namespace, labels: objectLabels(name, place.name), data: { [script]: text } },
    parent,
  );
  const bucket = bucketSecret(place, keys);
  return {
    initContainers: [container(folder)],
    volumeMounts: [{ name: "settings", mountPath: folder }],
    volumes: [
      // A copy of the image's settings.
      scratch("settings", "64Mi"),
      { name: "keystore", configMap: { name: files.name } },
      {
        name: "bucket",
        secret: {
          secretName: bucket.name,
          defaultMode: 0o440,
          items: [{ key: credentialsFile, path: credentialsFile }],
          // Made by hand, it may come later: logs do not wait for their backup.
          optional: "secret" in keys,
        },
      },
    ],
    annotations: bucket.podAnnotations,
    dependsOn: [files.configMap],
  };
}

function bucketSecret({ name: partOf, namespace, parent }: Place, keys: BucketKeys) {
  if ("secret" in keys) return { name: keys.secret, podAnnotations: undefined };
  const credentials = pulumi
    .all([keys.accessKey, keys.secretKey])
    .apply(([accessKey, secretKey]) => awsCredentials(accessKey, secretKey));
  const bucket = "elasticsearch-bucket";
  return secret(
    bucket,
    { namespace, labels: objectLabels(bucket, partOf), data: { [credentialsFile]: credentials } },
    parent,
  );
}

function container(folder: string): PartContainer {
  return {
    name: "keystore",
    image: "elasticsearch",
    command: ["sh", `${folders.script}/${script}`],
    env: [
      { name: "CONFIG", value: folder },
      { name: "ES_PATH_CONF", value: prepared },
      { name: "CREDENTIALS", value: `${folders.keys}/${credentialsFile}` },
    ],
    resources: {
      requests: { cpu: "100m", memory: "256Mi" },
      // The tool is a Java program, with a quarter of this as its heap.
      limits: { cpu: "1", memory: "512Mi" },
    },
    writableRoot: true,
    volumeMounts: [
      { name: "settings", mountPath: prepared },
      { name: "keystore", mountPath: folders.script, readOnly: true },
      { name: "bucket", mountPath: folders.keys, readOnly: true },
    ],
  };
}
