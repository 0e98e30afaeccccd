import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dockerFolder } from "../support/dockerfiles";
import { skipWithoutJava } from "../support/java";
import { Tomcat, type Layout } from "../support/tomcat";

const dockerfile = readFileSync(join(dockerFolder, "tomcat", "Dockerfile"), "utf8");

/** The image's environment and command, from its Dockerfile. */
function image(): Pick<Layout, "environment" | "command"> {
  const [, block = ""] = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile) ?? [];
  const variables = [...block.matchAll(/(CATALINA_\w+)=(\S+)/g)].map(([, name, value]) => [
    name,
    value,
  ]);
  const [, command = "[]"] = /^CMD (\[.*\])$/m.exec(dockerfile) ?? [];
  return {
    environment: Object.fromEntries(variables) as Record<string, string>,
    command: JSON.parse(command) as string[],
  };
}

describe("the real Tomcat, laid out as our image and started by its command", () => {
  const tomcat = new Tomcat();
  before(async function () {
    skipWithoutJava(this, "the test fetches and runs Tomcat with them");
    await tomcat.prepare();
  });
  after(() => tomcat.remove());

  it("compiles pages and takes files with a read-only root, as the preset's pods have it", async () => {
    const answers = await tomcat.answers({ ...image(), readOnly: true });
    assert.match(answers, /^page: jsp 42 true 200$/m, answers);
    assert.match(answers, /^upload: size 300000 file\.bin 200$/m, answers);
    assert.match(answers, /^logs: 0$/m, answers);
    assert.ok(!answers.includes("SEVERE"), answers);
  });

  it("writes its logs to the node's directory if the pod mounts one", async () => {
    const answers = await tomcat.answers({
      ...image(),
      readOnly: true,
      mounted: ["/opt/tomcat/logs"],
    });
    assert.match(answers, /^page: jsp 42 true 200$/m, answers);
    assert.match(answers, /^logs: [1-9]/m, answers);
  });

  it("would fail without its own base: the test detects what a read-only root breaks", async () => {
    const answers = await tomcat.answers({
      command: ["catalina.sh", "run"],
      environment: { CATALINA_HOME: "/opt/tomcat", CATALINA_BASE: "/opt/tomcat" },
      readOnly: true,
    });
    assert.match(answers, /^page: .*500$/m, answers);
  });
});
