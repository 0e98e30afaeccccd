import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { authorOf } from "../../../../cli/owners/author";

describe("the author of a merge request", () => {
  let server: Server;
  let asked: string[];
  let answer: { status: number; body: unknown };
  let jenkins: NodeJS.ProcessEnv;
  beforeEach(async () => {
    asked = [];
    answer = { status: 200, body: { iid: 7, author: { id: 3, username: "bob" } } };
    server = createServer((request, response) => {
      asked.push(`${request.url} ${String(request.headers["private-token"])}`);
      response.writeHead(answer.status).end(JSON.stringify(answer.body));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    // What ci/library/vars/mergeRequest.groovy sets.
    jenkins = {
      CI_API_V4_URL: `http://127.0.0.1:${port}/api/v4`,
      CI_PROJECT_ID: "ops/platform",
      CI_MERGE_REQUEST_IID: "7",
      GITLAB_TOKEN: "t0ken",
    };
  });
  afterEach(() => server.close());

  it("is in a variable of each CI system, which is used without asking the server", async () => {
    for (const environment of [
      { ...jenkins, GITLAB_USER_LOGIN: "ann" },
      { ...jenkins, CHANGE_ID: "7", CHANGE_AUTHOR: "ann" },
      { GITHUB_HEAD_REF: "change", GITHUB_ACTOR: "ann" },
    ]) {
      assert.deepEqual(await authorOf(environment), { login: "ann" });
    }
    assert.deepEqual(asked, []);
  });

  it("is undefined outside a merge request", async () => {
    assert.equal(await authorOf({ GITLAB_USER_LOGIN: "ann", GITHUB_ACTOR: "ann" }), undefined);
    assert.equal(await authorOf({ CI_MERGE_REQUEST_IID: "" }), undefined);
  });

  it("is requested from GitLab if no variable contains it, as in Jenkins", async () => {
    assert.deepEqual(await authorOf(jenkins), { login: "bob" });
    assert.deepEqual(asked, ["/api/v4/projects/ops%2Fplatform/merge_requests/7 t0ken"]);
  });

  it("is unknown, with the reason and without the token, if GitLab does not name it", async () => {
    const reason = async (environment: NodeJS.ProcessEnv) => {
      const author = await authorOf(environment);
      assert.ok(author !== undefined && "unknown" in author, JSON.stringify(author));
      assert.doesNotMatch(author.unknown, /t0ken/);
      return author.unknown;
    };
    answer = { status: 403, body: { message: "403 Forbidden" } };
    assert.match(await reason(jenkins), /GitLab answered 403 to GET \/projects\/.*Forbidden/);
    answer = { status: 200, body: { iid: 7 } };
    assert.match(await reason(jenkins), /author/);
    assert.match(await reason({ ...jenkins, GITLAB_TOKEN: "" }), /GITLAB_TOKEN not set/);
    assert.match(await reason({ CHANGE_ID: "7" }), /CI_MERGE_REQUEST_IID, GITLAB_TOKEN not set/);
  });
});
