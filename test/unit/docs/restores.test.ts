import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { registryImageFacts } from "../../../versions/image-facts/registry";
import { checkout } from "../../../local/toolchain/paths";
import { images } from "../../../versions/images";

/** First version whose `pg_dump` and `pg_restore` set `transaction_timeout`, which older servers refuse. */
const timeoutSince = 17;
const filter = "sed '/^SET transaction_timeout = 0;$/d'";

describe("the restore of Harbor's database", () => {
  const page = readFileSync(join(checkout, "docs/backup.md"), "utf8");
  const [, section = ""] = /^## Harbor\n(.*?)^## /ms.exec(page) ?? [];
  const [, commands = ""] = /```sh\n(.*?)```/s.exec(section) ?? [];
  const client = parseInt(images.postgres.tag, 10);
  // Harbor's image has two versions: the former one, to upgrade from, and the one that runs.
  const server = Number(registryImageFacts.harborDatabase.entryPoint.at(-1));

  it("uses programs that are no older than the server", () => {
    assert.ok(client >= server, `programs of PostgreSQL ${client}, server ${server}`);
  });

  it("leaves out what the server does not know, because the programs are newer", () => {
    const isNeeded = client >= timeoutSince && server < timeoutSince;
    assert.equal(commands.includes(filter), isNeeded, `PostgreSQL ${client} on ${server}`);
  });

  it("deletes no database before another one is complete", () => {
    assert.match(commands, /pg_restore .*RENAME TO former/s);
    assert.doesNotMatch(commands, /DROP DATABASE/);
  });
});
