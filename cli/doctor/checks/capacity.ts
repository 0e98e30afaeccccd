import { mebibyte, quantityOf } from "../../../config/quantities";
import { findings, listNames, type Check, type Node, type PodSpec } from "../look";
import { podsOf } from "../pods";

const resources = ["cpu", "memory", "ephemeral-storage"] as const;
type Amounts = Record<(typeof resources)[number] | "pods", number>;

/** Checks whether the nodes have room for what the stack's pods request, next to the pods of others. */
export const capacity: Check = ({ nodes, objects, pods }) => {
  const { ok, missing, warning } = findings("capacity");
  const usable = nodes.filter(({ spec }) => spec?.unschedulable !== true && !isControlPlane(spec));
  const own = new Set(
    objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name),
  );
  const made = objects.flatMap((object) => podsOf(object, usable.length));
  const needed = sum(made.map(({ count, spec }) => times(requestsOf(spec), count)));
  const others = pods.filter(
    ({ metadata, status }) =>
      !own.has(metadata.namespace) && !["Succeeded", "Failed"].includes(status?.phase ?? ""),
  );
  const total = sum(usable.map(allocatableOf));
  const taken = sum(others.map(({ spec }) => requestsOf(spec)));
  const short = (Object.keys(total) as (keyof Amounts)[]).filter(
    (name) => needed[name] > total[name] - taken[name],
  );
  const tooLarge = made.filter(
    ({ spec }) =>
      !usable.some((node) => {
        const room = allocatableOf(node);
        const wanted = requestsOf(spec);
        return resources.every((name) => wanted[name] <= room[name]);
      }),
  );
  const found = [
    ...short.map((name) =>
      missing(
        `${name}: the stack requests ${amountText(name, needed[name])}, and ${amountText(name, total[name] - taken[name])} are free`,
        "add nodes, or lower replicas and requests",
      ),
    ),
    ...(tooLarge.length > 0 && short.length === 0
      ? [
          missing(
            `no node is large enough for a pod of ${listNames(tooLarge.map(({ title }) => title))}`,
            "add larger nodes, or lower its requests",
          ),
        ]
      : []),
  ];
  if (found.length > 0) return found;
  const used = (needed.memory + taken.memory) / total.memory;
  return used > 0.9
    ? [
        warning(
          `${Math.round(used * 100)}% of the memory would be requested`,
          "add memory, or the pods of a lost node would find no room",
        ),
      ]
    : [
        ok(
          `cpu ${amountText("cpu", needed.cpu)}, memory ${amountText("memory", needed.memory)} fit`,
        ),
      ];
};

/** Whether a node runs only pods of the control plane. */
function isControlPlane(spec: Node["spec"]): boolean {
  return (spec?.taints ?? []).some(
    ({ key, effect }) =>
      key === "node-role.kubernetes.io/control-plane" && effect !== "PreferNoSchedule",
  );
}

function allocatableOf({ status }: Node): Amounts {
  return amounts((name) => status?.allocatable?.[name] ?? "0");
}

/** Returns what a pod requests: the sum of its containers, or an init container that needs more. */
function requestsOf({ containers, initContainers = [] }: PodSpec): Amounts {
  const of = (container: PodSpec["containers"][number]) => ({
    ...amounts((name) => container.resources?.requests?.[name] ?? "0"),
    pods: 0,
  });
  const running = sum(containers.map(of));
  const first = initContainers.map(of);
  const most = (name: (typeof resources)[number]) =>
    Math.max(running[name], ...first.map((it) => it[name]));
  return {
    cpu: most("cpu"),
    memory: most("memory"),
    "ephemeral-storage": most("ephemeral-storage"),
    pods: 1,
  };
}

function amounts(text: (name: string) => string): Amounts {
  const of = (name: string) => quantityOf(text(name)) ?? 0;
  return {
    cpu: of("cpu"),
    memory: of("memory"),
    "ephemeral-storage": of("ephemeral-storage"),
    pods: of("pods"),
  };
}

function sum(all: readonly Amounts[]): Amounts {
  const total = { cpu: 0, memory: 0, "ephemeral-storage": 0, pods: 0 };
  for (const each of all)
    for (const name of Object.keys(total)) add(total, each, name as keyof Amounts);
  return total;
}

function add(total: Amounts, each: Amounts, name: keyof Amounts): void {
  total[name] += each[name];
}

function times(each: Amounts, count: number): Amounts {
  const of = (name: keyof Amounts) => each[name] * count;
  return {
    cpu: of("cpu"),
    memory: of("memory"),
    "ephemeral-storage": of("ephemeral-storage"),
    pods: of("pods"),
  };
}

function amountText(name: string, amount: number): string {
  if (name === "cpu" || name === "pods") return String(Math.round(amount * 100) / 100);
  return `${Math.round(amount / mebibyte)}Mi`;
}
