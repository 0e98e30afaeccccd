import assert from "node:assert/strict";
import { kubernetesObjects, type KubernetesObject } from "../../../render/objects";
import { references } from "../../support/references";
import { stackNames, stackRecording } from "../../support/stacks";
import { budget, container, object, workload } from "../policy/objects";

for (const stack of stackNames) {
  describe(`references between the objects of stack ${stack}`, () => {
    let objects: KubernetesObject[];
    before(async () => {
      objects = kubernetesObjects((await stackRecording(stack)).registrations);
    });

    for (const [target, check] of Object.entries(references)) {
      it(`lead to ${target}`, () => {
        assert.deepEqual(check(objects), []);
      });
    }
  });
}

describe("the search for references that lead nowhere", () => {
  const labels = { "app.kubernetes.io/name": "shop" };
  const service = (targetPort: unknown) =>
    object("Service", "commerce-dev/shop", {
      spec: { selector: labels, ports: [{ port: 80, targetPort }] },
    });
  const withContainer = (fields: object, pod: object = {}) =>
    workload({ containers: [container({ ...fields })], ...pod });
  const http = { ports: [{ name: "http", containerPort: 8080 }] };
  const files = { volumes: [{ name: "files", configMap: { name: "files" } }] };
  const mounted = (subPath: string) =>
    withContainer({ volumeMounts: [{ name: "files", mountPath: "/a", subPath }] }, files);
  const map = object("ConfigMap", "commerce-dev/files", { data: { a: "" } });
  const bound = (kind: string, name: string) =>
    object("RoleBinding", "commerce-dev/shop", { roleRef: { kind, name } });

  const claiming = (claimName: string) =>
    workload({ volumes: [{ name: "a", persistentVolumeClaim: { claimName } }] });
  const set = object("StatefulSet", "commerce-dev/a", {
    spec: { replicas: 2, volumeClaimTemplates: [{ metadata: { name: "data" } }] },
  });
  const reading = (key: string) =>
    withContainer({ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "a", key } } }] });

  const cases: [target: RegExp, fine: KubernetesObject[][], wrong: KubernetesObject[][]][] = [
    [
      /^a port of every pod/,
      [
        [service("http"), withContainer(http)],
        [service(8080), withContainer(http)],
      ],
      [
        [service("web"), withContainer(http)],
        [service(80), withContainer(http)],
        [service("http"), withContainer({})],
      ],
    ],
    [
      /^the port that a probe/,
      [
        [withContainer({ ...http, livenessProbe: { httpGet: { port: "http" } } })],
        [withContainer({ livenessProbe: { tcpSocket: { port: 8080 } } })],
      ],
      [
        [withContainer({ ...http, livenessProbe: { httpGet: { port: "web" } } })],
        [withContainer({ startupProbe: { tcpSocket: { port: "http" } } })],
      ],
    ],
    [
      /^pods that a budget/,
      [[budget(), workload()]],
      [
        [budget("content-dev"), workload()],
        [object("NetworkPolicy", "commerce-dev/a", { spec: { podSelector: { matchLabels: { a: "b" } } } })],
      ],
    ],
    [
      /^a variable/,
      [[withContainer({ env: [{ name: "A", value: "$$(C)" }, { name: "B", value: "$(A)" }] })]],
      [
        [withContainer({ env: [{ name: "B", value: "$(A)" }, { name: "A", value: "" }] })],
        [withContainer({ env: [{ name: "A", value: "1" }, { name: "A", value: "2" }] })],
      ],
    ],
    [/^a file of/, [[map, mounted("a")]], [[map, mounted("b")]]],
    [
      /^a volume claim/,
      [
        [claiming("a"), object("PersistentVolumeClaim", "commerce-dev/a")],
        [claiming("data-a-1"), set],
        [reading("k"), object("Secret", "commerce-dev/a", { stringData: { k: "" } })],
        [reading("k")],
      ],
      [
        [claiming("a"), object("PersistentVolumeClaim", "content-dev/a")],
        [claiming("data-a-2"), set],
        [reading("l"), object("Secret", "commerce-dev/a", { stringData: { k: "" } })],
      ],
    ],
    [
      /^a service account/,
      [
        [workload({ serviceAccountName: "a" }), object("ServiceAccount", "commerce-dev/a")],
        [bound("Role", "a"), object("Role", "commerce-dev/a")],
        [bound("ClusterRole", "system:auth-delegator")],
      ],
      [
        [workload({ serviceAccountName: "a" }), object("ServiceAccount", "content-dev/a")],
        [bound("Role", "a"), object("Role", "content-dev/a")],
      ],
    ],
  ];
  for (const [name, check] of Object.entries(references)) {
    const [, fine = [], wrong = []] = cases.find(([target]) => target.test(name)) ?? [];
    it(`finds each that does not lead to ${name}`, () => {
      assert.ok(wrong.length > 0, "there is no example");
      for (const objects of fine) assert.deepEqual(check(objects), []);
      for (const objects of wrong) assert.equal(check(objects).length, 1);
    });
  }
});
