import { factsAbout } from "../../../../versions/image-facts";
import { imageReference, images, type ImageName } from "../../../../versions/images";
import { container, workload } from "../objects";
import { type Examples, image, withContainer, shop } from "./builders";

/** An image without a shell, according to its facts. */
const [withoutShell = ""] = (Object.keys(images) as ImageName[])
  .filter((name) => {
    const facts = factsAbout(name);
    return facts !== undefined && facts.shell === undefined;
  })
  .map((name) => imageReference(images[name]));

interface KafkaExample {
  /** Mount path of the persistent volume. */
  claim: string;
  /** Type of the volume at /tmp. */
  tmp?: "scratch" | "config" | "none";
  readOnly?: boolean;
  command?: string[];
}

/** Kafka, whose image has VOLUMEs and writes to /tmp. */
function kafka({ claim, tmp = "scratch", readOnly = true, command }: KafkaExample) {
  const volume = { scratch: { emptyDir: { sizeLimit: "1Mi" } }, config: { configMap: {} } };
  const pod = {
    containers: [
      container({
        image: `mirror.example.com/${images.kafka.repository}:${images.kafka.tag}`,
        command,
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          readOnlyRootFilesystem: readOnly,
        },
        volumeMounts: [
          { name: "data", mountPath: claim },
          ...(tmp === "none" ? [] : [{ name: "tmp", mountPath: "/tmp" }]),
        ],
      }),
    ],
    volumes: tmp === "none" ? [] : [{ name: "tmp", ...volume[tmp] }],
  };
  return workload(pod, { volumeClaimTemplates: [{ metadata: { name: "data" } }] }, "StatefulSet");
}

/** Examples for the rules of `policy/rules/images.ts` and `policy/rules/image-facts.ts`. */
export const imageExamples: Record<string, Examples> = {
  pinnedImages: {
    passes: [
      image("harbor.example.com:5000/shop/shop:1.4.2"),
      image(`harbor.example.com/shop/shop@sha256:${"a".repeat(64)}`),
      image(`harbor.example.com/shop/shop:latest@sha256:${"a".repeat(64)}`),
    ],
    fails: ["shop", "harbor.example.com:5000/shop", "harbor.example.com/shop:latest"].map(
      (name) => [
        image(name),
        `${shop}: container shop: expected an image with a tag other than latest, or a digest, got "${name}"`,
      ],
    ),
  },
  imageDigests: {
    passes: [image(imageReference(images.kafka)), image("harbor.example.com/shop/shop:1.4.2")],
    fails: [
      [
        image(imageReference(images.kafka, { digests: "ignored" })),
        `${shop}: container shop: expected an image with a digest, got "docker.io/apache/kafka:4.3.1"; set platform:images.digests to used, or fill the table: npx platform versions pin`,
      ],
    ],
  },
  lastingVolumes: {
    passes: [[kafka({ claim: "/var/lib/kafka/data" })], [kafka({ claim: "/data" })], [workload()]],
    fails: [
      [
        [kafka({ claim: "/var/lib/kafka" })],
        "StatefulSet commerce-dev/shop: container shop: volume mounted at /var/lib/kafka: expected a mount at exactly /var/lib/kafka/data, which is a VOLUME of the image, got one above it: the container runtime mounts an empty volume over it",
      ],
    ],
  },
  writablePaths: {
    passes: [
      [kafka({ claim: "/var/lib/kafka/data" })],
      [kafka({ claim: "/var/lib/kafka/data", tmp: "none", readOnly: false })],
    ],
    fails: [
      [
        [kafka({ claim: "/var/lib/kafka/data", tmp: "none" })],
        "StatefulSet commerce-dev/shop: container shop: path /tmp: expected a writable volume, got a read-only one",
      ],
      [
        [kafka({ claim: "/var/lib/kafka/data", tmp: "config" })],
        "StatefulSet commerce-dev/shop: container shop: path /tmp: expected a writable volume, got a read-only one",
      ],
    ],
  },
  imageShell: {
    passes: [[kafka({ claim: "/data", command: ["sh", "start.sh"] })]],
    fails: [
      [
        withContainer({ image: withoutShell, command: ["sh", "-c", "true"] }),
        `${shop}: container shop: command: expected a program of the image, got sh: the image has no shell`,
      ],
    ],
  },
  retiredImages: {
    passes: [[workload()]],
    fails: [
      [
        image("docker.io/bitnami/redis:8.0.0"),
        `${shop}: container shop: expected an image whose source gets security updates, got "docker.io/bitnami/redis:8.0.0"`,
      ],
    ],
  },
  allowedRegistries: {
    passes: [
      image("harbor.example.com/shop/shop:1"),
      image("nginx:1"),
      image("library/nginx:1"),
      image("localhost:5000/nginx:1"),
    ],
    fails: ["harbor.example.com/shopping/shop:1", "team/nginx:1", "quay.io/x/y:1"].map((name) => [
      image(name),
      `${shop}: container shop: expected an image of harbor.example.com/shop, docker.io/library, localhost:5000, got "${name}"`,
    ]),
  },
};
