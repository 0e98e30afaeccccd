import type { PartContainer } from "../shared/pod-template";

/** Folder of the jobs' file; it changes in place while Jenkins runs. */
export const jobsFolder = "/var/jenkins_config/jobs";

/** File of the jobs in that folder. */
export const jobsFile = "jobs.yaml";

const tokenFolder = "/run/secrets/reload";
const round = "/tmp/round";
const answer = "/tmp/answer";

/**
 * Loads the settings again whenever the jobs' file has changed, and once at the start, since the
 * file may have changed between Jenkins' first look and this one's. What fails is tried again. The
 * plugin answers an error in the files with status 200 too, and says it in the body only.
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

/** The container beside Jenkins that makes it load changed jobs. It needs no rights in the cluster. */
export function reloadContainer(): PartContainer {
  return {
    name: "reload",
    image: "jenkins",
    command: ["bash", "-c", script],
    livenessProbe: {
      // One round may take as long as a load may.
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
