import { connectEngine } from "../shared/engine";
import { serve } from "../shared/serve";
import { addKubernetes } from "./service";

void serve((server, engineAddress) => addKubernetes(server, connectEngine(engineAddress)));
