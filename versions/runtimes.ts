import { archives, type Archive } from "./archives";
import { phpPackages, type PhpExtension } from "./php";

/** Base images of the runtimes that build on no other runtime. */
export const debianReleases = {
  /** Still has the compilers and libraries for the oldest runtimes. */
  "debian:12": { repository: "library/debian", tag: "12-slim" },
  "debian:13": { repository: "library/debian", tag: "13-slim" },
} as const;

/** One of {@link debianReleases}. */
export type DebianRelease = keyof typeof debianReleases;

/** Names of the runtimes; each has a folder in `docker/`. */
export const runtimeNames = [
  "nginx",
  "php",
  "jdk",
  "maven",
  "tomcat",
  "node",
  "python",
  "composer",
  "jenkins-agent",
] as const;

/** One of {@link runtimeNames}. */
export type RuntimeName = (typeof runtimeNames)[number];

/** A runtime and its version, for example `jdk:8`. */
export type RuntimeKey = `${RuntimeName}:${string}`;

/** One version of a runtime, and the content of its image. */
export interface Runtime {
  name: RuntimeName;
  /** Tag of the image. A series such as `8.4` means its latest release in Debian. */
  version: string;
  /** Base of the image; a runtime is built before its dependents. */
  base: DebianRelease | RuntimeKey;
  /** Downloads by use. Empty if it is installed from Debian packages. */
  archives: { source?: Archive; openssl?: Archive };
  /** Debian packages in the image. */
  packages: readonly string[];
  /** Debian packages for the build only, which are not in the image. */
  buildPackages: readonly string[];
  /** PHP extensions. */
  extensions: readonly PhpExtension[];
  /** Date on which its maintainer, the publisher or Debian, ends support. Undefined if none is announced. */
  endOfLifeDate?: string;
  /** Whether support has ended. A constant: the program compares nothing with the clock. */
  endOfLife: boolean;
  /** Recommended replacement. Default: none. */
  replacement?: RuntimeKey;
}

const fetchPackages = ["ca-certificates", "curl"];
const compilePackages = [...fetchPackages, "build-essential", "pkg-config"];
const phpBuild = [
  ...[...compilePackages, "bzip2", "xz-utils", "libxml2-dev", "libjpeg62-turbo-dev", "libpng-dev"],
  // Not the OpenSSL variant: one process cannot load both Debian's OpenSSL and the older one of PHP.
  ...["libcurl4-gnutls-dev", "zlib1g-dev"],
];
const phpRun = [
  ...["ca-certificates", "libcurl3-gnutls", "libjpeg62-turbo", "libpng16-16", "libxml2", "zlib1g"],
];
const phpCommon: readonly PhpExtension[] = [
  ...(["bcmath", "curl", "exif", "gd", "mbstring", "mysqli", "opcache", "openssl"] as const),
  ...(["pcntl", "pdo_mysql", "soap", "sockets", "zip", "zlib"] as const),
];

const plain = { archives: {}, packages: [], buildPackages: [], extensions: [], endOfLife: false };

/** A PHP version that Debian no longer has: compiled, with the OpenSSL of its time. */
function oldPhp(
  version: "5.5.9" | "7.0.16" | "7.2.11",
  openssl: Archive,
  endOfLifeDate: string,
): Runtime {
  return {
    ...plain,
    ...{ name: "php", version, base: "debian:12", endOfLifeDate },
    archives: { source: archives[`php-${version}`], openssl },
    packages: phpRun,
    buildPackages: phpBuild,
    extensions: phpCommon,
    ...{ endOfLife: true, replacement: "php:8.4" },
  };
}

function jdk(version: "8" | "21" | "25", endOfLifeDate: string): Runtime {
  return {
    ...plain,
    ...{ name: "jdk", version, base: "debian:13", endOfLifeDate },
    archives: { source: archives[`jdk-${version}`] },
    // Reports and charts render text, which needs fonts even without a screen.
    packages: ["ca-certificates", "fontconfig", "fonts-dejavu-core"],
    buildPackages: fetchPackages,
  };
}

function onJdk(
  name: "maven" | "tomcat",
  version: string,
  base: RuntimeKey,
  rest: Pick<Runtime, "archives" | "endOfLifeDate"> & { packages?: string[] },
): Runtime {
  return { ...plain, name, version, base, buildPackages: fetchPackages, ...rest };
}

/** Composer on one of the platform's PHP versions; 2.2 is the series for PHP before 7.2.5. */
function composer(version: "2.2.25" | "2.8.12", php: string): Runtime {
  return {
    ...plain,
    ...{ name: "composer", version: `${version}-php${php}`, base: `php:${php}` },
    packages: ["git", "unzip"],
  };
}

const maven = { archives: { source: archives.maven }, packages: ["git"] };
const tomcat = { archives: { source: archives.tomcat }, endOfLifeDate: "2027-03-31" };

/** All base images: the only place for versions, packages, extensions and sources. */
export const runtimes: readonly Runtime[] = [
  {
    ...plain,
    ...{ name: "nginx", version: "1.16.1", base: "debian:12" },
    archives: { source: archives["nginx-1.16.1"] },
    packages: ["ca-certificates", "libpcre3", "libssl3", "zlib1g"],
    buildPackages: [...compilePackages, "libpcre3-dev", "libssl-dev", "zlib1g-dev"],
    ...{ endOfLifeDate: "2020-04-21", endOfLife: true, replacement: "nginx:1.26" },
  },
  {
    ...plain,
    ...{ name: "nginx", version: "1.26", base: "debian:13" },
    packages: ["ca-certificates", "nginx-light=1.26.*"],
    // End of Debian 13's security support; the nginx project maintains only newer series.
    endOfLifeDate: "2028-08-09",
  },
  oldPhp("5.5.9", archives["openssl-1.0.2u"], "2016-07-21"),
  oldPhp("7.0.16", archives["openssl-1.0.2u"], "2019-01-10"),
  oldPhp("7.2.11", archives["openssl-1.1.1w"], "2020-11-30"),
  {
    ...plain,
    ...{ name: "php", version: "8.4", base: "debian:13" },
    packages: ["ca-certificates", ...phpPackages("8.4", [...phpCommon, "intl", "redis"])],
    extensions: [...phpCommon, "intl", "redis"],
    endOfLifeDate: "2028-12-31",
  },
  composer("2.2.25", "5.5.9"),
  composer("2.2.25", "7.0.16"),
  composer("2.2.25", "7.2.11"),
  composer("2.8.12", "8.4"),
  // Eclipse Temurin, which builds Java 8 "at least" until then.
  jdk("8", "2030-12-31"),
  jdk("21", "2029-12-31"),
  jdk("25", "2031-09-30"),
  onJdk("maven", "3.9.16", "jdk:25", maven),
  onJdk("maven", "3.9.16-jdk8", "jdk:8", maven),
  onJdk("tomcat", "9.0.122", "jdk:25", tomcat),
  onJdk("tomcat", "9.0.122-jdk8", "jdk:8", tomcat),
  {
    ...plain,
    ...{ name: "node", version: "24.18.0", base: "debian:13", endOfLifeDate: "2028-04-30" },
    archives: { source: archives.node },
    packages: ["ca-certificates", "libatomic1", "libstdc++6"],
    buildPackages: [...fetchPackages, "xz-utils"],
  },
  {
    ...plain,
    ...{ name: "python", version: "3.13", base: "debian:13" },
    packages: ["ca-certificates", "python3=3.13.*", "python3-pip", "python3-venv", "tzdata"],
    endOfLifeDate: "2028-08-09",
  },
  {
    ...plain,
    // The same Java version as the controller, so that both run the same bytecode.
    ...{ name: "jenkins-agent", version: "3385", base: "jdk:21" },
    packages: ["curl", "git", "git-lfs", "openssh-client", "unzip"],
  },
];

/** Returns the key of a runtime in config and messages. */
export function runtimeKey({ name, version }: Pick<Runtime, "name" | "version">): RuntimeKey {
  return `${name}:${version}`;
}

/** Returns the runtime with a key; undefined if there is none. */
export function findRuntime(key: string): Runtime | undefined {
  return runtimes.find((runtime) => runtimeKey(runtime) === key);
}

/** Returns the named runtimes and their bases, each after its base. */
export function withBases(keys: readonly string[]): Runtime[] {
  const found = new Set<Runtime>();
  const add = (key: string) => {
    const runtime = findRuntime(key);
    if (runtime === undefined) return;
    add(runtime.base);
    found.add(runtime);
  };
  keys.forEach(add);
  return [...found];
}
