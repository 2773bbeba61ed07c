import { expect, test } from "vitest";
import { createPlaces, rangeInJob } from "../../../../src/jobspec/core/decode/places.ts";
import { Faults } from "../../../../src/jobspec/core/hcl/source.ts";
import { decodeText } from "../../../../src/jobspec/parse-job.ts";
import type { JsonPath } from "../../../../src/lib/json-path.ts";

const text = `variable "ports" { default = ["a", "b"] }
job "web" {
  update {
    max_parallel = 2
  }
  vault { role = "r" }
  secret "s" { path = "x" }
  task "lone" {
    driver = "exec"
  }
  group "g" {
    count = 1
    constraint { distinct_hosts = true }
    constraint {
      attribute = "a"
      regexp    = "["
    }
    restart {
      attempts = 3
    }
    update { canary = 1 }
    network {
      dynamic "port" {
        for_each = var.ports
        labels   = [port.value]
        content {
          to = 1
        }
      }
      port "fixed" {
        static = 80
      }
    }
    volume "data" { type = "host" }
    task "t" {
      driver = "docker"
      env = { A = "1" }
      meta { b = "2" }
      config {
        image  = "x"
        labels = { one = [1, { deep = 2 }] }
        mount {
          type = "bind"
        }
        mount {
          tpye = "bind"
        }
        auth "user" {
          name = "n"
        }
      }
      identity { name = "other" }
      identity { env = true }
    }
  }
}
`;
const places = createPlaces();
const body = decodeText(text, { file: "t" }, { faults: new Faults(), places }) ?? null;
const at = (...path: JsonPath): string => {
  const range = rangeInJob(body, places, path);
  if (range === undefined) return "nowhere";
  const line = text.slice(0, range.start).split("\n").length;
  return `${line}: ${text.slice(range.start, range.end)}`;
};
const task: JsonPath = ["TaskGroups", 1, "Tasks", 0];

test("arguments are found from their name to the end of their value, blocks by their head", () => {
  expect(at("TaskGroups", 1, "Count")).toBe("12: count = 1");
  expect(at("TaskGroups", 1)).toBe('11: group "g"');
  expect(at("TaskGroups", 1, "RestartPolicy", "Attempts")).toBe("19: attempts = 3");
  expect(at("TaskGroups", 1, "Volumes", "data", "Type")).toBe('34: type = "host"');
  expect(at()).toBe('2: job "web"');
});

test("what is not written is told by the nearest thing around it", () => {
  expect(at(...task, "Resources", "CPU")).toBe('35: task "t"');
  expect(at("TaskGroups", 1, "RestartPolicy", "Mode")).toBe("18: restart");
  expect(at("Datacenters")).toBe('2: job "web"');
  expect(at("TaskGroups", 7)).toBe('2: job "web"');
});

test("a task that stands alone is in a group of its own", () => {
  expect(at("TaskGroups", 0, "Tasks", 0, "Driver")).toBe('9: driver = "exec"');
  expect(at("TaskGroups", 0)).toBe('8: task "lone"');
});

test("what the job or group hands down is found there, unless it is written further in", () => {
  expect(at("TaskGroups", 1, "Update", "MaxParallel")).toBe("4: max_parallel = 2");
  expect(at("TaskGroups", 1, "Update", "Canary")).toBe("21: canary = 1");
  expect(at("TaskGroups", 1, "Update", "Stagger")).toBe("21: update");
  expect(at(...task, "RestartPolicy", "Attempts")).toBe("19: attempts = 3");
  expect(at(...task, "Vault", "Role")).toBe('6: role = "r"');
  expect(at(...task, "Secrets", 0, "Path")).toBe('7: path = "x"');
});

test("short forms of a constraint count as its target", () => {
  expect(at("TaskGroups", 1, "Constraints", 0, "Operand")).toBe("13: distinct_hosts = true");
  expect(at("TaskGroups", 1, "Constraints", 1, "RTarget")).toBe('16: regexp    = "["');
});

test("blocks that a dynamic block makes stand where it does", () => {
  expect(at("TaskGroups", 1, "Networks", 0, "DynamicPorts", 1, "To")).toBe("27: to = 1");
  expect(at("TaskGroups", 1, "Networks", 0, "ReservedPorts", 0, "Value")).toBe("31: static = 80");
});

test("options of a driver are found in blocks and in written values", () => {
  expect(at(...task, "Config")).toBe("39: config");
  expect(at(...task, "Config", "image")).toBe('40: image  = "x"');
  expect(at(...task, "Config", "mount", 1, "tpye")).toBe('46: tpye = "bind"');
  expect(at(...task, "Config", "mount", 1, "target")).toBe("45: mount");
  expect(at(...task, "Config", "auth", 0, "user", 0, "name")).toBe('49: name = "n"');
  expect(at(...task, "Config", "labels", 0, "one", 1, "deep")).toBe("41: deep");
  expect(at(...task, "Env", "A")).toBe("37: A");
  expect(at(...task, "Meta", "b")).toBe('38: b = "2"');
});

test("the default identity is taken out of the list", () => {
  expect(at(...task, "Identity", "Env")).toBe("53: env = true");
  expect(at(...task, "Identities", 0, "Name")).toBe('52: name = "other"');
});
