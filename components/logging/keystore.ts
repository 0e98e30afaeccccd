import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { awsCredentials, credentialsFile, type BucketKeys } from "../shared/bucket";
import { immutableConfigMap } from "../shared/config-map";
import { scratch, type PartContainer, type PodVolume } from "../shared/pod-template";
import { secret } from "../shared/secret";
import type { LoggingPart } from "./part";

/** Additions to a pod so that the keystore of its node has the keys of the snapshot bucket. */
export interface Keystore {
  initContainers?: PartContainer[];
  /** Mount of the settings folder; other volumes can be mounted below it. */
  volumeMounts: k8s.types.input.core.v1.VolumeMount[];
  volumes: PodVolume[];
  /** Annotations of the pod: changed keys restart the nodes. */
  annotations?: Record<string, pulumi.Output<string>>;
  dependsOn: pulumi.Resource[];
}

const name = "elasticsearch-keystore";
const prepared = "/prepared";
const script = "prepare.sh";
const folders = { script: "/keystore", keys: "/run/secrets/bucket" };

/**
 * Returns the keystore of a node, the only place from which Elasticsearch reads secret settings. An init container
 * creates it at every start, in a folder with a copy of the image's settings, because the image itself adds to the
 * keystore and replaces the file.
 * @param folder settings folder of the image.
 * @returns empty additions without keys.
 */
export function keystore(
  part: LoggingPart,
  folder: string,
  keys: BucketKeys | undefined,
): Keystore {
  if (keys === undefined) return { volumeMounts: [], volumes: [], dependsOn: [] };
  const text = readFileSync(join(__dirname, "keystore", script), "utf8");
  const files = immutableConfigMap(part, name, { data: { [script]: text } });
  const bucket = bucketSecret(part, keys);
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
          // A Secret that is created by hand may come later: logs do not wait for their backup.
          optional: "secret" in keys,
        },
      },
    ],
    annotations: bucket.podAnnotations,
    dependsOn: [files.configMap],
  };
}

function bucketSecret(part: LoggingPart, keys: BucketKeys) {
  if ("secret" in keys) return { name: keys.secret, podAnnotations: undefined };
  const credentials = pulumi
    .all([keys.accessKey, keys.secretKey])
    .apply(([accessKey, secretKey]) => awsCredentials(accessKey, secretKey));
  const bucket = "elasticsearch-bucket";
  return secret(part, bucket, { data: { [credentialsFile]: credentials } });
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
      // The tool is a Java program, and uses a quarter of this as heap.
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
