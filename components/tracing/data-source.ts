import type { DataSource } from "../monitoring/grafana-config";
import { tempoUrl } from ".";

/** Tempo, as Grafana asks it for traces. */
export const tempoSource: DataSource = {
  uid: "tempo",
  name: "Tempo",
  type: "tempo",
  url: tempoUrl,
  isDefault: false,
  jsonData: { httpMethod: "GET" },
};
