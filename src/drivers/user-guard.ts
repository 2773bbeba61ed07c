import { AppError } from "../lib/errors.ts";
import type { TaskDriver } from "./port.ts";

export interface UserRules {
  /** Names of users that no task of the checked drivers may run as. */
  readonly denied: readonly string[];
  readonly checkedDrivers: readonly string[];
}

/** A driver that starts no task as one of the denied users. Only a user that the job names is looked at. */
export function guardUsers(driver: TaskDriver, { denied, checkedDrivers }: UserRules): TaskDriver {
  if (!checkedDrivers.includes(driver.name)) return driver;
  return {
    ...driver,
    async start(spec, notice, signal) {
      const [user = ""] = spec.user.split(":");
      // The number is the same user, and so is the number with zeros before it.
      const isRoot = /^0+$/.test(user) && denied.includes("root");
      if (user !== "" && (denied.includes(user) || isRoot))
        throw new AppError("driver", `running as user "${user}" is disallowed`, {
          fields: { recoverable: false },
        });
      return driver.start(spec, notice, signal);
    },
  };
}
