import { Command, Option } from "commander";
import { systemRoot } from "../machines/system";
import { ensureCrds } from "../toolchain/crds";
import { ensureHaproxy } from "../toolchain/haproxy";
import { binary, ensureTools } from "../toolchain/install";
import { installOfficial } from "../toolchain/plugins";
import type { Purpose } from "../toolchain/tool";
import { localEnvironment } from "./environment";
import { main } from "./main";

/** Prepares everything for a purpose: tools, plugins, CRDs. */
export async function setUp(purpose: Purpose): Promise<void> {
  await ensureTools(purpose);
  if (purpose === "machines") await systemRoot();
  if (purpose === "test") await ensureHaproxy();
  await installOfficial(binary("pulumi"));
  await ensureCrds();
  localEnvironment({ purpose });
}

if (require.main === module) {
  const command = new Command("setup")
    .description("Prepares tools, plugins and custom resource definitions.")
    .addOption(
      new Option("--for <purpose>", "what for").choices([
        "local",
        "machines",
        "test",
        "nightly",
        "bench",
      ]),
    );
  main(async () => {
    await setUp(command.parse().opts<{ for?: Purpose }>().for ?? "local");
  });
}
