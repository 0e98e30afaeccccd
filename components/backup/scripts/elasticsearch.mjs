// Brings about Elasticsearch's repository of snapshots and its policy, which makes and deletes
// them, and proves that there is a recent one: without it, a snapshot is made now and waited for.
// Elasticsearch tells nobody when its own schedule fails; this script's exit code does.
import process from "node:process";
import {
  Api,
  Hopeless,
  changed,
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
    throw new Hopeless(`Elasticsearch refuses the password of user ${user} (${status}).`);
  }
  await bring(elasticsearch, `/_snapshot/${repository.name}`, repository.body, (answer) => {
    return answer?.[repository.name];
  });
  // Every node writes and reads a file in the bucket.
  await elasticsearch.send("POST", `/_snapshot/${repository.name}/_verify`);
  const path = `/_slm/policy/${policy.name}`;
  await bring(elasticsearch, path, policy.body, (answer) => answer?.[policy.name]?.policy);

  const state = (await elasticsearch.get(path))[policy.name];
  const hours = (Date.now() - (state.last_success?.time ?? 0)) / 3_600_000;
  if (hours <= maximumAgeHours) return;
  if (state.last_failure !== undefined) {
    process.stderr.write(`The last failure was: ${state.last_failure.details}\n`);
  }
  await snapshotNow(elasticsearch, repository.name, path);
});

async function bring(api, path, body, found) {
  const present = found(await api.get(path));
  if (covers(present, body)) return;
  await api.send("PUT", path, body);
  changed(`${path} ${present === undefined ? "made" : "changed"}`);
}

async function snapshotNow(api, repository, policy) {
  const { snapshot_name: name } = await api.send("PUT", `${policy}/_execute`);
  let snapshot;
  await waitFor(`Snapshot ${name}`, async () => {
    const answer = await api.get(`/_snapshot/${repository}/${name}`);
    snapshot = answer?.snapshots?.[0];
    return snapshot !== undefined && snapshot.state !== "IN_PROGRESS";
  });
  // A partial one lacks shards.
  if (snapshot.state !== "SUCCESS") throw new Error(`Snapshot ${name} is ${snapshot.state}`);
  changed(`Snapshot ${name} made`);
}
