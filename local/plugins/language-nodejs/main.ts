import { serve } from "../shared/serve";
import { endPrograms } from "./program";
import { addLanguageHost } from "./service";

void serve(addLanguageHost, { onExit: () => endPrograms("SIGKILL") });
