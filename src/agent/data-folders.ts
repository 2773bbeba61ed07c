import { mkdirSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { unmountSecrets } from "../node/secrets-mount.ts";
import type { Settings } from "./settings.ts";

/** Where an agent keeps what it owns; the published names. */
export interface DataFolders {
  /** Locked as long as the agent lives. */
  readonly home: string;
  readonly server: string;
  readonly client: string;
  readonly allocations: string;
  /** Kept when a dev agent starts afresh. */
  readonly identity: string;
}

/**
 * A dev agent forgets its state at each start but keeps its ids, so that it knows the containers that a killed one
 * left behind. Its state lives in a folder of its own: `-dev` never clears what a real agent wrote.
 */
export function dataFolders(settings: Settings, isDev: boolean): DataFolders {
  const dataDir = settings.text("data_dir");
  const home = dataDir === "" ? join(tmpdir(), `nomad-dev-${userInfo().uid}`) : dataDir;
  const state = isDev ? join(home, "dev") : home;
  return {
    home,
    server: settings.text("server.data_dir") || join(state, "server"),
    client: settings.text("client.state_dir") || join(state, "client"),
    allocations: settings.text("client.alloc_dir") || join(state, "alloc"),
    identity: isDev ? join(home, "dev-identity") : home,
  };
}

/** The folder must exist to be locked. */
export function prepareHome(folders: DataFolders): void {
  mkdirSync(folders.home, { recursive: true });
}

export function prepareFolders(folders: DataFolders, isDev: boolean): void {
  mkdirSync(folders.home, { recursive: true });
  if (isDev) {
    // A killed one could not take them away.
    unmountSecrets(folders.allocations);
    rmSync(join(folders.home, "dev"), { recursive: true, force: true });
  }
  mkdirSync(folders.server, { recursive: true, mode: 0o700 });
  mkdirSync(folders.client, { recursive: true, mode: 0o700 });
  mkdirSync(folders.allocations, { recursive: true, mode: 0o711 });
}
