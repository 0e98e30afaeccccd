import { graph, stat, table, type Dashboard } from "./build";

/** Jenkins. */
export const jenkins: Dashboard = {
  uid: "platform-jenkins",
  title: "Jenkins",
  rows: [
    [
      stat("Queued builds", "short", "max(jenkins_queue_size_value)", { orange: 5, red: 20 }),
      stat("Stuck builds", "short", "max(jenkins_queue_stuck_value)", {
        orange: 1,
        red: 1,
      }),
      stat("Executors in use", "short", "max(jenkins_executor_in_use_value)"),
      stat("Agents", "short", "max(jenkins_node_online_value)"),
    ],
    [
      graph("Queue", "short", [
        { expr: "max(jenkins_queue_size_value)", legend: "waiting" },
        { expr: "max(jenkins_queue_blocked_value)", legend: "blocked" },
        { expr: "max(jenkins_queue_stuck_value)", legend: "stuck" },
      ]),
      graph("Executors", "short", [
        { expr: "max(jenkins_executor_count_value)", legend: "total" },
        { expr: "max(jenkins_executor_in_use_value)", legend: "in use" },
      ]),
    ],
    [
      graph("Builds completed per hour", "short", [
        { expr: "sum(increase(jenkins_runs_success_total[1h]))", legend: "successful" },
        { expr: "sum(increase(jenkins_runs_unstable_total[1h]))", legend: "unstable" },
        { expr: "sum(increase(jenkins_runs_failure_total[1h]))", legend: "failed" },
        { expr: "sum(increase(jenkins_runs_aborted_total[1h]))", legend: "aborted" },
      ]),
      graph("Jenkins memory", "bytes", [
        {
          expr: 'sum by (pod) (container_memory_working_set_bytes{pod=~"jenkins-[0-9]+",container!=""})',
          legend: "{{pod}}",
        },
      ]),
    ],
  ],
};

/** Harbor. */
export const harbor: Dashboard = {
  uid: "platform-harbor",
  title: "Harbor",
  rows: [
    [
      stat("Components down", "short", "count(harbor_up == 0) or vector(0)", {
        orange: 1,
        red: 1,
      }),
      stat("Storage used by images", "bytes", "max(harbor_statistics_total_storage_consumption)"),
      stat("Pending tasks", "short", "sum(harbor_task_queue_size)", { orange: 50, red: 500 }),
    ],
    [
      graph("Requests by code", "reqps", [
        {
          expr: "sum by (code) (rate(harbor_core_http_request_total[$__rate_interval]))",
          legend: "{{code}}",
        },
      ]),
      graph("Pulls per hour by project", "short", [
        {
          expr: "sum by (project_name) (increase(harbor_artifact_pulled[1h]))",
          legend: "{{project_name}}",
        },
      ]),
    ],
    [
      graph("Storage by project", "bytes", [
        {
          expr: "max by (project_name) (harbor_project_quota_usage_byte)",
          legend: "{{project_name}}",
        },
      ]),
      graph("Pending tasks by type", "short", [
        { expr: "sum by (type) (harbor_task_queue_size)", legend: "{{type}}" },
      ]),
    ],
    [
      table(
        "Quota used by project",
        "percentunit",
        "max by (project_name) (harbor_project_quota_usage_byte) / (max by (project_name) (harbor_project_quota_byte) > 0)",
      ),
      table("Components", "short", "min by (component) (harbor_up)"),
    ],
  ],
};
