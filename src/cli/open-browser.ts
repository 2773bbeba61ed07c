import { spawn } from "node:child_process";

/** Hands the address to whatever the desktop opens addresses with; without a desktop nothing happens. */
export function openBrowser(url: string): void {
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  const child = spawn(opener, [url], { detached: true, stdio: "ignore" });
  child.on("error", () => {
    // No desktop here. The address was printed, so nothing is lost.
  });
  child.unref();
}
