import { addProgramHost } from "./host";
import { serve } from "../../../local/plugins/shared/serve";

/** The process of {@link WarmPrograms}: prints the port at which engines reach it, and then loads the program. */
void serve((server) => addProgramHost(server));
