/** Pods that differ from a valid one in one field each, by that difference, for comparisons. */
export const podVariants: Record<string, Record<string, unknown>> = Object.fromEntries(
  Object.entries<[pod: object, container: object, context: object]>({
    good: [{}, {}, {}],
    hostNetwork: [{ hostNetwork: true }, {}, {}],
    hostPID: [{ hostPID: true }, {}, {}],
    hostIPC: [{ hostIPC: true }, {}, {}],
    hostPath: [{ volumes: [{ name: "v", hostPath: { path: "/" } }] }, {}, {}],
    nfs: [{ volumes: [{ name: "v", nfs: { server: "a", path: "/" } }] }, {}, {}],
    emptyDir: [{ volumes: [{ name: "v", emptyDir: {} }] }, {}, {}],
    projected: [{ volumes: [{ name: "v", projected: { sources: [] } }] }, {}, {}],
    hostPort: [{}, { ports: [{ containerPort: 80, hostPort: 80 }] }, {}],
    port: [{}, { ports: [{ containerPort: 80 }] }, {}],
    probeHost: [{}, { livenessProbe: { httpGet: { host: "a.test", port: 80 } } }, {}],
    handlerHost: [{}, { lifecycle: { preStop: { tcpSocket: { host: "a.test", port: 80 } } } }, {}],
    privileged: [{}, {}, { privileged: true, allowPrivilegeEscalation: true }],
    escalation: [{}, {}, { allowPrivilegeEscalation: undefined }],
    allCapabilities: [{}, {}, { capabilities: {} }],
    bindCapability: [{}, {}, { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } }],
    chownCapability: [{}, {}, { capabilities: { drop: ["ALL"], add: ["CHOWN"] } }],
    adminCapability: [{}, {}, { capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } }],
    root: [{}, {}, { runAsUser: 0 }],
    rootPod: [{ securityContext: { runAsUser: 0, ...podContext() } }, {}, {}],
    noUser: [{ securityContext: { seccompProfile: { type: "RuntimeDefault" } } }, {}, {}],
    ownUser: [
      { securityContext: { seccompProfile: { type: "RuntimeDefault" } } },
      {},
      { runAsNonRoot: true },
    ],
    falseUser: [{}, {}, { runAsNonRoot: false }],
    falseUserPod: [
      { securityContext: { ...podContext(), runAsNonRoot: false } },
      {},
      { runAsNonRoot: true },
    ],
    noSeccomp: [{ securityContext: { runAsNonRoot: true } }, {}, {}],
    ownSeccomp: [
      { securityContext: { runAsNonRoot: true } },
      {},
      { seccompProfile: { type: "RuntimeDefault" } },
    ],
    unconfined: [{}, {}, { seccompProfile: { type: "Unconfined" } }],
    appArmor: [{}, {}, { appArmorProfile: { type: "Unconfined" } }],
    selinux: [{}, {}, { seLinuxOptions: { type: "spc_t" } }],
    selinuxUser: [{}, {}, { seLinuxOptions: { user: "system_u" } }],
    selinuxContainer: [{}, {}, { seLinuxOptions: { type: "container_t" } }],
    sysctl: [
      {
        securityContext: {
          ...podContext(),
          sysctls: [{ name: "net.ipv4.tcp_syncookies", value: "1" }],
        },
      },
      {},
      {},
    ],
    otherSysctl: [
      { securityContext: { ...podContext(), sysctls: [{ name: "kernel.msgmax", value: "1" }] } },
      {},
      {},
    ],
    rootInit: [
      {
        initContainers: [
          { name: "b", image: "a", securityContext: { ...containerContext(), runAsUser: 0 } },
        ],
      },
      {},
      {},
    ],
  }).map(([title, [pod, container, context]]) => [
    title,
    {
      securityContext: podContext(),
      ...pod,
      containers: [
        {
          name: "a",
          image: "a",
          ...container,
          securityContext: { ...containerContext(), ...context },
        },
      ],
    },
  ]),
);

function podContext() {
  return { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
}

function containerContext() {
  return { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
}
