import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import { reasonOf } from "../../config/reason";
import { runVerb } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
import { checkout } from "../../local/toolchain/paths";
import { images, type Image } from "../../versions/images";
import { digestOf, type Addresses } from "./registry";
import { tagIn, withDigests } from "./table";

const tableFile = "versions/images.ts";

interface Options {
  from: Addresses;
  table: string;
  accept?: boolean;
}

/** `npx platform versions pin`: writes digests from the registries into the table of images. */
async function pin(names: string[], { from, table, accept = false }: Options): Promise<void> {
  const source = readFileSync(table, "utf8");
  const committed = committedTable();
  const rows = Object.entries(images as Record<string, Image>).map(
    ([name, image]) => [name, { ...image, tag: tagIn(source, name) ?? image.tag }] as const,
  );
  const unknown = names.filter((name) => !rows.some(([known]) => known === name));
  if (unknown.length > 0) {
    throw new Error(
      `expected names in the table of images (versions/images.ts), got ${unknown.join(", ")}`,
    );
  }
  const found: Record<string, string> = {};
  const problems: string[] = [];
  for (const [name, image] of rows) {
    if (names.length > 0 && !names.includes(name)) continue;
    try {
      const digest = await digestOf(image, from);
      const isMoved =
        image.digest !== undefined &&
        image.digest !== digest &&
        tagIn(committed, name) === image.tag;
      if (isMoved && !accept) {
        problems.push(
          `${name}: expected ${image.digest} for tag ${image.tag}, got ${digest}: somebody moved the tag, or a commit changed the tag and kept the digest. Find out which; then run this again with --accept`,
        );
      } else if (image.digest !== digest) found[name] = digest;
    } catch (error) {
      problems.push(`${name}: ${reasonOf(error)}`);
    }
  }
  writeFileSync(table, await withDigests(source, found));
  for (const [name, digest] of Object.entries(found)) console.log(`${name}: ${digest}`);
  for (const problem of problems) console.error(problem);
  console.log(`${Object.keys(found).length} digests written, ${problems.length} not`);
  if (problems.length > 0) process.exitCode = 1;
}

/**
 * Returns the table as the last commit has it. The digest of a row belongs to the tag there: another tag in the file is
 * a new version.
 */
function committedTable(): string {
  const of = ["show", `HEAD:${tableFile}`];
  return execFileSync("git", of, { cwd: checkout, encoding: "utf8", maxBuffer: 2 ** 26 });
}

function address(text: string, former: Addresses): Addresses {
  const [, registry, url] = /^([^=]+)=(https?:\/\/[^/]+)$/.exec(text) ?? [];
  if (registry === undefined || url === undefined) {
    throw new InvalidArgumentError(
      `expected <registry>=<address with https://, without a path>, got ${text}`,
    );
  }
  return { ...former, [registry]: url };
}

const program = new VerbCommand("npx platform versions").description(
  "Pins the versions of the program.",
);
program
  .command("pin")
  .description(
    "writes the digest of each pinned tag into the table of images, as the registries name it",
  )
  .argument("[images...]", "names in the table; default: all")
  .option(
    "--from <registry=address>",
    "address of a mirror to use instead of a registry",
    address,
    {},
  )
  .option("--table <file>", "the table's file", join(checkout, tableFile))
  .option("--accept", "accepts the new digest of a tag that was moved")
  .examples("npx platform versions pin", [
    "npx platform versions pin traefik --from docker.io=https://mirror.example.com",
    "one image, from a mirror",
  ])
  .exitCodes({
    0: "all digests are in the table",
    1: "some could not be asked for, or have changed",
  })
  .action(pin);
runVerb(program);
