import type { OptionTable } from "../core/option-table.ts";

const text = { kind: "text" } as const;
const int = { kind: "int" } as const;
const duration = { kind: "duration" } as const;

/** How a pretended process behaves: the task's own, and one that is run inside the task. */
const command: OptionTable = {
  run_for: duration,
  exit_code: int,
  exit_signal: int,
  exit_err_msg: text,
  signal_error: text,
  stdout_string: text,
  stdout_repeat: int,
  stdout_repeat_duration: duration,
  stderr_string: text,
  stderr_repeat: int,
  stderr_repeat_duration: duration,
};

/** Every option of the driver that only pretends. */
export const mockOptions: OptionTable = {
  ...command,
  start_error: text,
  start_error_recoverable: { kind: "bool" },
  start_block_for: duration,
  kill_after: text,
  plugin_exit_after: duration,
  driver_ip: text,
  driver_advertise: { kind: "bool" },
  driver_port_map: text,
  exec_command: { kind: "block", fields: command },
};
