import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { contentHash } from "../../components/shared/hash";
import { images } from "../../versions/images";
import { javaHome } from "./java";
import { cacheFolder, checkout } from "./paths";
import { run } from "./run";

const sources = join(checkout, "local/images/elasticsearch");
const { tag } = images.elasticsearch;

/** Jars of {@link tag}: SHA-256 of the lines `<SHA-256>  <file>`, sorted by file. */
const jarsChecksum = "e95ec99720f92c6e3754965c5df7fad942bc545c87c4834117a1178761d525f6";

/** Jars of modules; all others belong to the server. */
const modules: Record<string, RegExp> = {
  "transport-netty4": /^(transport-netty4|netty-)/,
  "x-pack-core": /^(x-pack-core|http|commons-|icu4j|slf4j|unboundid|log4j-1\.2|log4j-slf4j2)/,
};

/** Classes of the stand-in plugin; all others are on the server's class path. */
const pluginClasses = /^(StandIn|Kept|Permissions|Root)\b/;

/** Compression library of stored fields: part of Elasticsearch's distribution, here that of the system. */
const zstd = [
  "/usr/lib/x86_64-linux-gnu/libzstd.so.1",
  "/usr/lib/aarch64-linux-gnu/libzstd.so.1",
  "/usr/lib64/libzstd.so.1",
].find((file) => existsSync(file));

/** Returns what this machine lacks to run a node; undefined if it lacks nothing. */
export function elasticsearchLacks(): string | undefined {
  if (javaHome(21) === undefined) return "a JDK of version 21 or newer";
  return zstd === undefined ? "libzstd" : undefined;
}

/**
 * Returns what identifies a node's files: version, jars and sources. A change makes {@link elasticsearchHome} lay out
 * another folder.
 */
export function elasticsearchKey(): string {
  const files = readdirSync(sources).sort();
  const texts = files.map((file): [string, string] => [
    file,
    readFileSync(join(sources, file), "utf8"),
  ]);
  return `${tag}-${contentHash({ jarsChecksum, ...Object.fromEntries(texts) })}`;
}

/** Returns the Java options for a node in a folder. The caller adds the name of the main class. */
export function nodeFlags(home: string): string[] {
  return [
    ...["--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"],
    ...["-Des.distribution.type=docker", `-Des.nativelibs.path=${join(home, "natives")}`],
    "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false",
    ...["-cp", `${join(home, "classes")}:${join(home, "lib")}/*`],
  ];
}

/**
 * Returns the folder of a server in the image's version, with the layout of its distribution; created once per user.
 * @throws Error if this machine lacks something, or a jar is not the expected one.
 */
export async function elasticsearchHome(): Promise<string> {
  const lacks = elasticsearchLacks();
  if (lacks !== undefined) throw new Error(`Elasticsearch needs ${lacks}`);
  const folder = join(cacheFolder(), "elasticsearch", elasticsearchKey());
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, ".."), { recursive: true });
  const incomplete = mkdtempSync(`${folder}-`);
  try {
    await layOut(incomplete);
    // Another process may have been faster.
    if (!existsSync(folder)) renameSync(incomplete, folder);
  } finally {
    rmSync(incomplete, { recursive: true, force: true });
  }
  return folder;
}

async function layOut(home: string): Promise<void> {
  const jars = join(home, "jars");
  await run("mvn", [
    ...["--batch-mode", "--quiet", "-f", join(sources, "pom.xml")],
    `-Delasticsearch.version=${tag}`,
    ...["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${jars}`],
  ]);
  verify(jars);
  const bin = join(javaHome(21) ?? "", "bin");
  const java = readdirSync(sources).filter((file) => file.endsWith(".java"));
  const classes = join(home, "classes");
  const options = ["-nowarn", "-d", classes, "-cp", `${jars}/*`];
  await run(join(bin, "javac"), [...options, ...java.map((file) => join(sources, file))]);
  for (const name of ["lib", "natives", ...Object.keys(modules).map((name) => `modules/${name}`)]) {
    mkdirSync(join(home, name), { recursive: true });
  }
  for (const jar of readdirSync(jars)) {
    const module = Object.entries(modules).find(([, pattern]) => pattern.test(jar))?.[0];
    renameSync(join(jars, jar), join(home, module ? `modules/${module}` : "lib", jar));
  }
  rmSync(jars, { recursive: true });
  for (const name of Object.keys(modules)) {
    const folder = join(home, "modules", name);
    const entry = `META-INF/es-plugins/${name}/plugin-descriptor.properties`;
    const text = await run("unzip", ["-p", join(folder, `${name}-${tag}.jar`), entry]);
    // Plain jars: the modules of the distribution are linked into a runtime image.
    const descriptor = text.replace(/^modulename=.*$/m, "");
    writeFileSync(join(folder, "plugin-descriptor.properties"), descriptor);
  }
  await createStandInModule(home, bin);
  symlinkSync(zstd ?? "", join(home, "natives/libzstd.so"));
}

/** @throws Error for jars that are not those of {@link jarsChecksum}. */
function verify(jars: string): void {
  const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest("hex");
  const lines = readdirSync(jars)
    .sort()
    .map((file) => `${sha256(readFileSync(join(jars, file)))}  ${file}\n`);
  const found = sha256(lines.join(""));
  if (found === jarsChecksum) return;
  throw new Error(
    `jars of Elasticsearch ${tag}: expected the checksum ${jarsChecksum}, got ${found}; they are not used.`,
  );
}

async function createStandInModule(home: string, bin: string): Promise<void> {
  const folder = join(home, "modules/stand-in");
  mkdirSync(folder);
  const classes = readdirSync(join(home, "classes")).filter((name) => pluginClasses.test(name));
  const jar = ["cf", join(folder, "stand-in.jar")];
  await run(join(bin, "jar"), [
    ...jar,
    ...classes.flatMap((n) => ["-C", join(home, "classes"), n]),
  ]);
  for (const name of classes) rmSync(join(home, "classes", name));
  const properties = {
    name: "stand-in",
    description: "modules that no package registry has",
    version: tag,
    "elasticsearch.version": tag,
    "java.version": "21",
    classname: "StandIn",
    "extended.plugins": "x-pack-core",
  };
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(join(folder, "plugin-descriptor.properties"), lines.join(""));
}
