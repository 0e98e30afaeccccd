import { spawn } from "node:child_process";
import { outputHas } from "../support/namespaces";

describe("waiting for a word in a process's output", () => {
  it("also finds one that was written together with the previous one", async () => {
    const child = spawn("sh", ["-c", "echo started; echo connected; exec cat"], { stdio: "pipe" });
    try {
      await outputHas(child, "started");
      await outputHas(child, "connected");
    } finally {
      child.kill();
    }
  });
});
