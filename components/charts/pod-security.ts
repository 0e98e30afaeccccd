import { mapAt, mapsAt, stringsAt } from "../../config/fields";
import type { PodSecurity } from "../shared/namespace";
import { containersIn, type Fields } from "./pods";

const baselineCapabilities = new Set(
  (
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP " +
    "SETUID SYS_CHROOT"
  ).split(" "),
);
const safeSysctls = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
]);
const containerTypes = [
  "",
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
];
const restrictedVolumes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/**
 * Returns why Pod Security would reject the pods of a spec at a level, as short texts with the fields. It also rejects
 * what newer versions of Kubernetes allow to pods in a user namespace.
 */
export function podSecurityProblems(
  pod: Fields,
  level: PodSecurity,
  annotations: Readonly<Record<string, string>> = {},
): string[] {
  if (level === "privileged") return [];
  return [
    ...baselinePod(pod, annotations),
    ...containersIn(pod).flatMap(baselineContainer),
    ...(level === "restricted" ? restrictedPod(pod) : []),
  ];
}

function baselinePod(pod: Fields, annotations: Readonly<Record<string, string>>): string[] {
  return [
    ...["hostNetwork", "hostPID", "hostIPC"].filter((field) => pod[field] === true),
    ...mapsAt(pod, "volumes")
      .filter((volume) => volume["hostPath"] !== undefined)
      .map((volume) => `volume ${nameOf(volume)}: hostPath`),
    ...mapsAt(mapAt(pod, "securityContext"), "sysctls")
      .filter(({ name }) => !safeSysctls.has(String(name)))
      .map(({ name }) => `sysctl ${String(name)}`),
    ...Object.entries(annotations)
      .filter(([key]) => key.startsWith("container.apparmor.security.beta.kubernetes.io/"))
      .filter(([, value]) => value !== "runtime/default" && !value.startsWith("localhost/"))
      .map(([key]) => key),
    ...baselineContext(mapAt(pod, "securityContext")).map((field) => `securityContext.${field}`),
  ];
}

function baselineContainer(container: Fields): string[] {
  const context = mapAt(container, "securityContext");
  const added = stringsAt(mapAt(context, "capabilities"), "add");
  const handlers = [
    ...["livenessProbe", "readinessProbe", "startupProbe"].map((key) => mapAt(container, key)),
    ...["postStart", "preStop"].map((key) => mapAt(mapAt(container, "lifecycle"), key)),
  ];
  const hosts = handlers.some((handler) =>
    ["httpGet", "tcpSocket"].some((key) => Boolean(mapAt(handler, key)["host"])),
  );
  return [
    ...(context["privileged"] === true ? ["privileged"] : []),
    ...added
      .filter((name) => !baselineCapabilities.has(name))
      .map((name) => `capabilities.add ${name}`),
    ...(mapsAt(container, "ports").some(({ hostPort }) => Boolean(hostPort)) ? ["hostPort"] : []),
    ...(hosts ? ["host of a probe or a lifecycle handler"] : []),
    ...(["Default", undefined, null].includes(context["procMount"] as string | undefined)
      ? []
      : ["procMount"]),
    ...baselineContext(context),
  ].map((field) => `container ${nameOf(container)}: ${field}`);
}

/** Checks fields that pods and containers have in common. */
function baselineContext(context: Fields): string[] {
  const selinux = mapAt(context, "seLinuxOptions");
  const appArmor = mapAt(context, "appArmorProfile")["type"];
  return [
    ...(mapAt(context, "seccompProfile")["type"] === "Unconfined"
      ? ["seccompProfile Unconfined"]
      : []),
    ...(appArmor === "Unconfined" ? ["appArmorProfile Unconfined"] : []),
    ...(mapAt(context, "windowsOptions")["hostProcess"] === true ? ["hostProcess"] : []),
    ...(containerTypes.includes(textOf(selinux["type"])) ? [] : ["seLinuxOptions.type"]),
    ...["user", "role"]
      .filter((field) => textOf(selinux[field]) !== "")
      .map((field) => `seLinuxOptions.${field}`),
  ];
}

function restrictedPod(pod: Fields): string[] {
  const own = mapAt(pod, "securityContext");
  const containers = containersIn(pod);
  const problems = containers.flatMap((container) => {
    const context = mapAt(container, "securityContext");
    const { runAsNonRoot = own["runAsNonRoot"] } = context;
    const seccomp =
      mapAt(context, "seccompProfile")["type"] ?? mapAt(own, "seccompProfile")["type"];
    const capabilities = mapAt(context, "capabilities");
    return [
      ...(context["allowPrivilegeEscalation"] === false
        ? []
        : ["allowPrivilegeEscalation not false"]),
      ...(runAsNonRoot === true ? [] : ["runAsNonRoot not true"]),
      ...(context["runAsUser"] === 0 ? ["runAsUser 0"] : []),
      ...(seccomp === "RuntimeDefault" || seccomp === "Localhost"
        ? []
        : ["seccompProfile not RuntimeDefault"]),
      ...(stringsAt(capabilities, "drop").includes("ALL") ? [] : ["capabilities.drop without ALL"]),
      ...stringsAt(capabilities, "add")
        .filter((name) => name !== "NET_BIND_SERVICE" && baselineCapabilities.has(name))
        .map((name) => `capabilities.add ${name}`),
    ].map((field) => `container ${nameOf(container)}: ${field}`);
  });
  return [
    ...(own["runAsUser"] === 0 ? ["securityContext.runAsUser 0"] : []),
    // Setting it to true in a container suffices only if all containers do; false is always rejected.
    ...(own["runAsNonRoot"] === false && problems.length === 0
      ? ["securityContext.runAsNonRoot false"]
      : []),
    ...mapsAt(pod, "volumes")
      .filter((volume) => volume["hostPath"] === undefined)
      .filter((volume) => Object.keys(volume).length > 1)
      .filter((volume) => !restrictedVolumes.some((type) => volume[type] !== undefined))
      .map(
        (volume) => `volume ${nameOf(volume)}: a type other than ${restrictedVolumes.join(", ")}`,
      ),
    ...problems,
  ];
}

function nameOf(fields: Fields): string {
  return textOf(fields["name"]) || "without a name";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
