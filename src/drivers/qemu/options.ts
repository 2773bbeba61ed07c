import type { OptionTable } from "../core/option-table.ts";

/** Every published option of a qemu task. */
export const qemuOptions: OptionTable = {
  image_path: { kind: "text", required: true },
  emulator: { kind: "text" },
  machine_type: { kind: "text" },
  drive_interface: {
    kind: "text",
    among: ["ide", "scsi", "sd", "mtd", "floppy", "pflash", "virtio", "none"],
  },
  accelerator: { kind: "text" },
  graceful_shutdown: { kind: "bool" },
  guest_agent: { kind: "bool" },
  args: { kind: "texts" },
  port_map: { kind: "numbers" },
};
