import { spawn } from "node:child_process";
import { outputHas } from "../support/namespaces";

describe("a word that a process writes", () => {
  it("is found also when it came together with the word that was waited for before", async () => {
    const child = spawn("sh", ["-c", "echo started; echo connected; exec cat"], { stdio: "pipe" });
    try {
      await outputHas(child, "started");
      await outputHas(child, "connected");
    } finally {
      child.kill();
    }
  });
});
