import { expect, test } from "vitest";
import { mountPoints, mountTable } from "../../../../src/drivers/executor/core/mount-table.ts";

test("a mount is a line of six fields, whatever its paths hold", () => {
  expect(
    mountTable([
      { source: "/usr", target: "/a b/#c\\d\te", type: "none", options: ["bind", "ro"] },
      { source: "proc", target: "/proc", type: "proc", options: ["nosuid"] },
    ]),
  ).toBe("/usr /a\\040b/\\043c\\134d\\011e none bind,ro 0 0\nproc /proc proc nosuid 0 0\n");
});

test("mount points are read as they are called", () => {
  const text =
    "22 27 0:21 / /proc rw - proc proc rw\n29 1 8:1 /x /etc/a\\040b rw - ext4 /dev/sda rw\n";
  expect(mountPoints(text)).toEqual(["/proc", "/etc/a b"]);
});
