// Configures Elasticsearch's snapshot repository and the policy that creates and deletes snapshots, and checks that there
// is a recent snapshot. If there is none, it creates one and waits for it. Elasticsearch does not report that its own
// schedule fails; the exit code of this script does.
import process from "node:process";
import {
  Api,
  PermanentError,
  reportChange,
  covers,
  run,
  secret,
  settings,
  waitFor,
} from "../../shared/bootstrap/api.mjs";

await run(async () => {
  const { url, user, repository, policy, maximumAgeHours } = settings();
  const elasticsearch = new Api(url, { name: user, password: secret("password") });

  const status = await elasticsearch.status("/");
  if (status === 401 || status === 403) {
    throw new PermanentError(`Elasticsearch rejects the password of user ${user} (${status}).`);
  }
  await ensure(elasticsearch, `/_snapshot/${repository.name}`, repository.body, (answer) => {
    return answer?.[repository.name];
  });
  // Makes every node write and read a file in the bucket.
  await elasticsearch.send("POST", `/_snapshot/${repository.name}/_verify`);
  const path = `/_slm/policy/${policy.name}`;
  await ensure(elasticsearch, path, policy.body, (answer) => answer?.[policy.name]?.policy);

  const state = (await elasticsearch.get(path))[policy.name];
  const hours = (Date.now() - (state.last_success?.time ?? 0)) / 3_600_000;
  if (hours <= maximumAgeHours) return;
  if (state.last_failure !== undefined) {
    process.stderr.write(`The last snapshot failed: ${state.last_failure.details}\n`);
  }
  await snapshotNow(elasticsearch, repository.name, path);
});

async function ensure(api, path, body, found) {
  const present = found(await api.get(path));
  if (covers(present, body)) return;
  await api.send("PUT", path, body);
  reportChange(`${path} ${present === undefined ? "created" : "changed"}`);
}

async function snapshotNow(api, repository, policy) {
  const { snapshot_name: name } = await api.send("PUT", `${policy}/_execute`);
  let snapshot;
  await waitFor(`Snapshot ${name}`, async () => {
    const answer = await api.get(`/_snapshot/${repository}/${name}`);
    snapshot = answer?.snapshots?.[0];
    return snapshot !== undefined && snapshot.state !== "IN_PROGRESS";
  });
  // A partial snapshot lacks shards.
  if (snapshot.state !== "SUCCESS")
    throw new Error(`Snapshot ${name}: expected the state SUCCESS, got ${snapshot.state}`);
  reportChange(`Snapshot ${name} created`);
}
