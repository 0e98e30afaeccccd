import { connectEngine } from "../shared/engine";
import { addProvider } from "../shared/provider";
import { serve } from "../shared/serve";
import { ProviderConfig, readConfig } from "./config";
import { imageHandler } from "./image";

/** Version of @pulumi/docker whose `Image` this implements. */
const VERSION = "5.2.0";

void serve((server, engineAddress) => {
  let config: ProviderConfig = { env: {}, logins: [] };
  const engine = connectEngine(engineAddress);
  addProvider(server, {
    version: VERSION,
    resources: { "docker:index/image:Image": imageHandler(engine, () => config) },
    configure: (inputs) => {
      config = readConfig(inputs);
    },
  });
});
