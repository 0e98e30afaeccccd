import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { imageReference, images } from "../../versions/images";
import type { PlatformContext } from "../shared/context";
import { buildArguments, contextOf, endOfLifeWarning, type Sources } from "./build";
import { baseImageName } from "./names";
import {
  debianReleases,
  runtimeKey,
  runtimes,
  withBases,
  type Runtime,
} from "../../versions/runtimes";

/** Name and password of a robot account that can push to the registry. */
export interface RegistryCredentials {
  username: string;
  /** The password; secret in the stack's config, and in all outputs that derive from it. */
  password: pulumi.Input<string>;
}

/** Arguments of {@link Images}. */
export interface ImagesArgs extends Sources {
  /** Provides the image mirror, from which the base images are pulled. */
  context: Pick<PlatformContext, "imageSource">;
  /** Host of the registry for the base images, with its port if it has one. */
  registry: string;
  /** Whether this stack builds and pushes the images. Otherwise they are in the registry already. */
  build: boolean;
  /** Runtimes by key, for example `jdk:8`. Default: all. */
  runtimes?: string[];
  /** Credentials for pushing. Default: the login of the docker CLI. */
  credentials?: RegistryCredentials;
}

/** Platform of the archives and of the JDK. */
const platform = "linux/amd64";

/**
 * The base images of the platform. The Dockerfile of an app starts from one of them and adds only code. A runtime that
 * builds on another one is rebuilt whenever that one changes.
 */
export class Images extends pulumi.ComponentResource {
  /** Image by runtime key: by digest if this stack builds it, otherwise by tag. */
  readonly references: Record<string, pulumi.Output<string>> = {};

  constructor(name: string, args: ImagesArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:images:Images", name, {}, opts);
    const selected = withBases(args.runtimes ?? runtimes.map(runtimeKey));
    for (const runtime of selected) {
      const warning = endOfLifeWarning(runtime);
      if (warning !== undefined) void pulumi.log.warn(warning, this);
      this.references[runtimeKey(runtime)] = args.build
        ? this.build(runtime, args)
        : pulumi.output(baseImageName(args.registry, runtime));
    }
    this.registerOutputs({ references: this.references });
  }

  private build(runtime: Runtime, args: ImagesArgs): pulumi.Output<string> {
    const context = contextOf(runtime);
    const image = new docker.Image(
      `${runtime.name}-${runtime.version}`,
      {
        imageName: baseImageName(args.registry, runtime),
        build: {
          context,
          dockerfile: `${context}/Dockerfile`,
          platform,
          args: {
            ...buildArguments(runtime, this.baseOf(runtime, args), args),
            ...publisherImages(runtime, args.context),
          },
        },
        ...(args.credentials === undefined
          ? {}
          : {
              registry: {
                server: args.registry,
                username: args.credentials.username,
                password: pulumi.secret(args.credentials.password),
              },
            }),
      },
      { parent: this },
    );
    return image.repoDigest;
  }

  private baseOf({ base }: Runtime, args: ImagesArgs): pulumi.Input<string> {
    if (isDebian(base)) {
      return imageReference(
        { registry: "docker.io", ...debianReleases[base] },
        args.context.imageSource,
      );
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
  { imageSource }: ImagesArgs["context"],
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
