export { workloads, type PodSpec, type Workload } from "../../policy/workloads";
