import { main } from "../../local/commands/main";
import { ApiClient } from "../preview/api-client";

/**
 * Opens a pull request from a branch to the current one. An open request gets the branch's new commit
 * automatically.
 * @throws Error with the server's own message.
 */
export async function propose(
  environment: NodeJS.ProcessEnv,
  branch: string,
  title: string,
): Promise<"opened" | "already open"> {
  const { GITHUB_API_URL: base = "", GITHUB_REPOSITORY: repository = "" } = environment;
  const { GITHUB_REF_NAME: target = "", ADVANCE_TOKEN: token = "" } = environment;
  const client = new ApiClient({
    name: "The API",
    base,
    headers: { Accept: "application/vnd.github+json", Authorization: `Bearer ${token}` },
    tokenHint: "ADVANCE_TOKEN must be valid and have the permission pull-requests: write.",
  });
  const path = `/repos/${repository}/pulls`;
  const [owner = ""] = repository.split("/");
  const head = encodeURIComponent(`${owner}:${branch}`);
  const { body: open } = await client.ask("GET", `${path}?state=open&head=${head}`);
  if (Array.isArray(open) && open.length > 0) return "already open";
  await client.ask("POST", path, { head: branch, base: target, title });
  return "opened";
}

if (require.main === module) {
  const [branch = "", title = ""] = process.argv.slice(2);
  main(async () => {
    const result = await propose(process.env, branch, title);
    console.log(`pull request of ${branch}: ${result}`);
  });
}
