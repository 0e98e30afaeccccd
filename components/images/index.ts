import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { imageReference, images, type ImageSource } from "../../versions/images";
import { harborHost } from "../../config";
import type { PartArgs } from "../shared/context";
import { buildArguments, contextOf, endOfLifeWarning } from "./build";
import { baseImageName } from "./names";
import {
  debianReleases,
  runtimeKey,
  runtimes,
  withBases,
  type Runtime,
} from "../../versions/runtimes";

/** Arguments of {@link Images}. */
export interface ImagesArgs extends PartArgs<"images"> {
  /** Domain of the stack. */
  domain: string;
  /** Address of the stack's own registry, if the config of the part names no other. Default: `harbor.<domain>`. */
  registry?: string;
}

/** Platform of the archives and of the JDK. */
const platform = "linux/amd64";

/**
 * The base images of the platform. The Dockerfile of an app starts from one of them and adds only code. A runtime that
 * builds on another one is rebuilt whenever that one changes.
 */
export class Images extends pulumi.ComponentResource {
  /** Image by runtime key: by digest if this stack builds it, otherwise by tag. */
  readonly references: Record<string, string | pulumi.Output<string>> = {};

  constructor(name: string, args: ImagesArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:images:Images", name, {}, opts);
    const { config } = args;
    const registry = config.registry ?? args.registry ?? harborHost({}, args.domain);
    const selected = withBases(config.runtimes ?? runtimes.map(runtimeKey));
    for (const runtime of selected) {
      const warning = endOfLifeWarning(runtime);
      if (warning !== undefined) void pulumi.log.warn(warning, this);
      this.references[runtimeKey(runtime)] = config.build
        ? this.build(runtime, registry, args)
        : baseImageName(registry, runtime);
    }
    this.registerOutputs({ references: this.references });
  }

  private build(
    runtime: Runtime,
    registry: string,
    { context: { imageSource }, config }: ImagesArgs,
  ): pulumi.Output<string> {
    const context = contextOf(runtime);
    const { credentials } = config;
    const image = new docker.Image(
      `${runtime.name}-${runtime.version}`,
      {
        imageName: baseImageName(registry, runtime),
        build: {
          context,
          dockerfile: `${context}/Dockerfile`,
          platform,
          args: {
            ...buildArguments(runtime, this.baseOf(runtime, imageSource), config),
            ...publisherImages(runtime, imageSource),
          },
        },
        ...(credentials === undefined
          ? {}
          : {
              registry: {
                server: registry,
                username: credentials.username,
                password: pulumi.secret(credentials.password),
              },
            }),
      },
      { parent: this },
    );
    return image.repoDigest;
  }

  private baseOf({ base }: Runtime, imageSource: ImageSource | undefined): pulumi.Input<string> {
    if (isDebian(base)) {
      return imageReference({ registry: "docker.io", ...debianReleases[base] }, imageSource);
    }
    const reference = this.references[base];
    if (reference === undefined)
      throw new Error(
        `The table of runtimes: expected ${base} before the runtimes that build on it.`,
      );
    return reference;
  }
}

/** Returns the build arguments with the publisher's image that a program is copied from. */
function publisherImages(
  { name, version }: Runtime,
  imageSource: ImageSource | undefined,
): Record<string, string> {
  if (name === "jenkins-agent") {
    return { REMOTING_IMAGE: imageReference(images.jenkinsAgent, imageSource) };
  }
  if (name !== "composer") return {};
  const image = version.startsWith("2.2.") ? images.composerLts : images.composer;
  return { COMPOSER_IMAGE: imageReference(image, imageSource) };
}

function isDebian(base: string): base is keyof typeof debianReleases {
  return base in debianReleases;
}
