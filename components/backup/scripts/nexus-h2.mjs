// Makes Nexus write a backup of its embedded database into the folder `backup` of its volume. A copy of the open database
// file would be inconsistent. Earlier dumps are deleted first.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Api, reportChange, run, secret, settings, waitFor } from "../../shared/bootstrap/api.mjs";

const type = "h2.backup.task";
const name = "platform-backup";

await run(async () => {
  const { url, user, folder } = settings();
  const nexus = new Api(`${url}/service/rest/v1`, { name: user, password: secret("password") });
  const task = (await findTask(nexus)) ?? (await createTask(nexus, folder.name));

  for (const file of dumps(folder.path)) rmSync(join(folder.path, file));
  await nexus.send("POST", `/tasks/${task.id}/run`);
  let ended;
  await waitFor("The dump of the database", async () => {
    ended = await nexus.get(`/tasks/${task.id}`);
    return ended?.currentState === "WAITING" && ended.lastRun !== task.lastRun;
  });
  if (ended.lastRunResult !== "OK") {
    throw new Error(`Nexus's task ${name} ended with ${ended.lastRunResult}; see the log of Nexus`);
  }
  const [dump] = dumps(folder.path);
  if (dump === undefined) throw new Error(`Nexus wrote no dump into ${folder.path}`);
  reportChange(`Database dumped: ${dump}`);
});

async function findTask(nexus) {
  const { items } = await nexus.get(`/tasks?type=${type}`);
  return items.find((task) => task.name === name);
}

async function createTask(nexus, location) {
  await nexus.send("POST", "/tasks", {
    type,
    name,
    enabled: true,
    notificationCondition: "FAILURE",
    frequency: { schedule: "manual" },
    properties: { location },
  });
  reportChange(`Task ${name} created`);
  const task = await findTask(nexus);
  if (task === undefined) throw new Error(`Nexus does not list its new task ${name}`);
  return task;
}

function dumps(path) {
  try {
    return readdirSync(path).filter((file) => file.endsWith(".zip"));
  } catch (error) {
    // Nexus creates the folder with the first dump.
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
