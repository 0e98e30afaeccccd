import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { mustRun, runProgram, script, sharedFolder } from "../../support/backup";
import { failedWith } from "../../support/results";

describe("an SQLite database in use", () => {
  const folder = sharedFolder();
  const source = join(folder, "grafana.db");
  after(() => rmSync(folder, { recursive: true }));

  function python(code: string): Promise<string> {
    return mustRun("python3", ["-c", code, source]);
  }

  it("is copied completely while another process writes", async function () {
    if ((await runProgram("python3", ["--version"])).code !== 0) {
      console.log("    skipped: python3, which the job's own image has, cannot be found");
      this.skip();
    }
    await python(
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('create table user(name)'); c.execute(\"insert into user values ('ada')\"); c.commit()",
    );
    // A transaction that is not committed must not be in the copy.
    const writer = spawn(
      "python3",
      [
        "-c",
        "import sqlite3,sys,time; c=sqlite3.connect(sys.argv[1]); c.execute(\"insert into user values ('half')\"); print('open',flush=True); time.sleep(60)",
        source,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    try {
      await new Promise((resolve) => writer.stdout.once("data", resolve));
      const copy = join(folder, "copy.db");
      const { code, output } = await runProgram("python3", [script("sqlite.py")], {
        SQLITE_SOURCE: source,
        SQLITE_COPY: copy,
      });
      assert.equal(code, 0, output);
      const names = await mustRun("python3", [
        "-c",
        "import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute('select group_concat(name) from user').fetchone()[0])",
        copy,
      ]);
      assert.equal(names.trim(), "ada");
    } finally {
      writer.kill("SIGKILL");
    }
  });

  it("fails if there is none", async () => {
    const missing = await runProgram("python3", [script("sqlite.py")], {
      SQLITE_SOURCE: join(folder, "missing.db"),
      SQLITE_COPY: join(folder, "other.db"),
    });
    failedWith(missing, /unable to open database file/);
  });
});
