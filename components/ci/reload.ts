import type { PartContainer } from "../shared/pod-template";

/** Folder of the jobs file, which changes in place while Jenkins runs. */
export const jobsFolder = "/var/jenkins_config/jobs";

/** Name of the jobs file. */
export const jobsFile = "jobs.yaml";

const tokenFolder = "/run/secrets/reload";
const round = "/tmp/round";
const answer = "/tmp/answer";

/**
 * Reloads the settings whenever the jobs file has changed, and once at the start, because the file may have changed
 * after Jenkins read it. It retries after a failure. The plugin answers an error in the files with status 200 and
 * describes it in the body.
 */
const script = `
load() {
  curl --silent --show-error --fail --max-time 300 --output ${answer} \\
    --request POST --get --data-urlencode "casc-reload-token@${tokenFolder}/reload-token" \\
    http://127.0.0.1:8080/reload-configuration-as-code/ || return 1
  if grep --quiet '"status" *: *"error"' ${answer}; then
    cat ${answer} >&2
    echo >&2
    return 1
  fi
}
loaded=none
while touch ${round}; do
  found=$(sha256sum ${jobsFolder}/${jobsFile})
  if [ "$found" != "$loaded" ] && : > ${answer} && load; then
    loaded=$found
    echo "Loaded $found"
  fi
  sleep 10
done
`.trim();

/** Returns the sidecar that makes Jenkins load changed jobs. It needs no rights in the cluster. */
export function reloadContainer(): PartContainer {
  return {
    name: "reload",
    image: "jenkins",
    command: ["bash", "-c", script],
    livenessProbe: {
      // A round may take as long as a reload, so the limit is 10 minutes.
      exec: { command: ["bash", "-c", `[ -n "$(find ${round} -mmin -10)" ]`] },
      periodSeconds: 60,
      failureThreshold: 2,
    },
    readinessProbe: { exec: { command: ["test", "-e", round] }, periodSeconds: 10 },
    resources: {
      requests: { cpu: "10m", memory: "32Mi" },
      limits: { cpu: "200m", memory: "64Mi" },
    },
    volumeMounts: [
      { name: "jobs", mountPath: jobsFolder, readOnly: true },
      { name: "reload", mountPath: tokenFolder, readOnly: true },
      { name: "reload-tmp", mountPath: "/tmp" },
    ],
  };
}
