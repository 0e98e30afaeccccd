import type { DataSource } from "../monitoring/grafana-config";
import { tempoUrl } from ".";

/** Tempo as a data source of Grafana. */
export const tempoSource: DataSource = {
  uid: "tempo",
  name: "Tempo",
  type: "tempo",
  url: tempoUrl,
  isDefault: false,
  jsonData: { httpMethod: "GET" },
};
