import { expect, test } from "vitest";
import { config, configOf, faults, parsed } from "./mixed-files.ts";

/** Job files in which the parts of the language meet, each with what the published rules make of it. */
test("dynamic blocks nest, each with an iterator of its own name or of another", () => {
  const text = `locals {
  groups = [
    { name = "a", tasks = ["x", "y"] },
    { name = "b", tasks = ["z"] },
  ]
}
job "j" {
  dynamic "group" {
    for_each = local.groups
    labels   = [group.value.name]
    content {
      count = group.key + 1
      dynamic "task" {
        for_each = group.value.tasks
        iterator = it
        labels   = ["\${group.value.name}-\${it.value}"]
        content {
          driver = "mock_driver"
          config {
            i = it.key
            g = group.key
          }
          dynamic "template" {
            for_each = it.key == 0 ? [1] : []
            content {
              data        = "{{ env \\"X\\" }} \${group.value.name}"
              destination = "local/\${it.value}"
            }
          }
        }
      }
    }
  }
}
`;
  expect(parsed(text)).toMatchObject({
    TaskGroups: [
      {
        Name: "a",
        Count: 1,
        Tasks: [
          {
            Name: "a-x",
            Config: { i: 0, g: 0 },
            Templates: [{ EmbeddedTmpl: '{{ env "X" }} a', DestPath: "local/x" }],
          },
          { Name: "a-y", Config: { i: 1, g: 0 } },
        ],
      },
      { Name: "b", Count: 2, Tasks: [{ Name: "b-z", Config: { i: 0, g: 1 } }] },
    ],
  });
});

test("ports come from a filtered map, by its sorted keys", () => {
  const text = `variables {
  ports = { web = 8080, api = 9090, dyn = null }
}
job "j" {
  group "g" {
    network {
      dynamic "port" {
        for_each = { for k, v in var.ports : k => v if v != null }
        iterator = p
        labels   = [p.key]
        content {
          static = p.value
          to     = p.value + 1
        }
      }
      dynamic "port" {
        for_each = { for k, v in var.ports : k => v if v == null }
        labels   = [upper(port.key)]
        content {}
      }
    }
    task "t" {
      driver = "mock_driver"
    }
  }
}
`;
  expect(parsed(text)).toMatchObject({
    TaskGroups: [
      {
        Networks: [
          {
            ReservedPorts: [
              { Label: "api", Value: 9090, To: 9091 },
              { Label: "web", Value: 8080, To: 8081 },
            ],
            DynamicPorts: [{ Label: "DYN", Value: 0 }],
          },
        ],
      },
    ],
  });
});

test("free-form bodies: blocks are lists, object literals too, and dynamic is no block of theirs", () => {
  const text = configOf(`labels = { a = 1 }
paren  = ({ a = 1 })
call   = merge({ a = 1 }, { b = 2 })
empty  = {}
list   = [{ a = 1 }]
within = { a = { b = 1 } }
zero   = -0
text   = "<\${-0}>"
mount {
  type = "bind"
  opts { x = 1 }
  opts { x = 2 }
}
mount {
  type = "tmpfs"
}
logging "x" "y" {
  v = 1
}
logging "x" "z" {
  v = 2
}
dynamic "mount" {
  for_each = [1]
  content { type = "never" }
}`);
  expect(config(text)).toEqual({
    labels: [{ a: 1 }],
    paren: { a: 1 },
    call: { a: 1, b: 2 },
    empty: [{}],
    list: [{ a: 1 }],
    within: [{ a: { b: 1 } }],
    zero: 0,
    text: "<-0>",
    mount: [{ type: "bind", opts: [{ x: 1 }, { x: 2 }] }, { type: "tmpfs" }],
    logging: [{ x: [{ y: [{ v: 1 }] }] }, { x: [{ z: [{ v: 2 }] }] }],
    dynamic: [{ mount: [{ for_each: [1], content: [{ type: "never" }] }] }],
  });
});

test("blocks that ask for a cluster of several regions, for times, people and scalers", () => {
  const text = `job "j" {
  type = "batch"
  periodic {
    crons            = ["*/5 * * * *", "@daily"]
    prohibit_overlap = true
    time_zone        = "Europe/Berlin"
    enabled          = false
  }
  parameterized {
    payload       = "required"
    meta_required = ["a", upper("b")]
    meta_optional = [for x in ["c"] : x]
  }
  multiregion {
    strategy {
      max_parallel = 2
      on_failure   = "fail_all"
    }
    region "west" {
      count       = 1
      datacenters = ["w1"]
      meta { a = "b" }
    }
    region "east" {}
  }
  ui {
    description = "d \${1 + 1}"
    link {
      label = "l"
      url   = "http://x"
    }
  }
  group "g" {
    scaling {
      min     = 1
      max     = 5
      enabled = false
      policy {
        check "c" {
          strategy "target-value" {
            target = 70
          }
        }
      }
    }
    task "t" {
      driver = "mock_driver"
      scaling "cpu" {
        max = 10
        policy {}
      }
      identity {
        name = "a"
        aud  = ["x"]
        ttl  = "1h"
        env  = true
      }
      identity {
        file = true
      }
      identity {
        name = "b"
      }
    }
  }
}
`;
  expect(parsed(text)).toMatchObject({
    Periodic: {
      Enabled: false,
      Specs: ["*/5 * * * *", "@daily"],
      ProhibitOverlap: true,
      TimeZone: "Europe/Berlin",
      SpecType: "cron",
    },
    ParameterizedJob: { Payload: "required", MetaRequired: ["a", "B"], MetaOptional: ["c"] },
    Multiregion: {
      Strategy: { MaxParallel: 2, OnFailure: "fail_all" },
      Regions: [
        { Name: "west", Count: 1, Datacenters: ["w1"], Meta: { a: "b" } },
        { Name: "east" },
      ],
    },
    UI: { Description: "d 2", Links: [{ Label: "l", URL: "http://x" }] },
    TaskGroups: [
      {
        Scaling: {
          Type: "horizontal",
          Enabled: false,
          Policy: { check: [{ c: [{ strategy: [{ "target-value": [{ target: 70 }] }] }] }] },
        },
        Tasks: [
          {
            Identity: { File: true, Env: false },
            Identities: [{ Name: "a", TTL: 3_600_000_000_000 }, { Name: "b" }],
          },
        ],
      },
    ],
  });
});

test("names that the node fills in stay as they are written, where text is wanted", () => {
  const task = (inside: string): string =>
    `job "j" {\n  group "g" {\n    task "t" {\n      driver = "mock_driver"\n${inside}\n    }\n  }\n}\n`;
  const env = `env {
  A = "\${NOMAD_PORT_http}-\${node.datacenter}"
  B = "\${attr.kernel.name == "linux" ? "l" : "o"}"
  C = NOMAD_ALLOC_ID
  D = "\${upper(meta.x)}"
  E = "$\${keep} \${env["X"]}"
  F = "%{ if attr.a == "b" }y%{ else }n%{ endif }"
}`;
  expect(parsed(task(env))).toMatchObject({
    TaskGroups: [
      {
        Tasks: [
          {
            Env: {
              A: "${NOMAD_PORT_http}-${node.datacenter}",
              B: "o",
              C: "${NOMAD_ALLOC_ID}",
              D: "${META.X}",
              E: '${keep} ${env["X"]}',
              F: "n",
            },
          },
        ],
      },
    ],
  });
  expect(faults(task('env { A = "${attr.a + 1}" }\nleader = meta.x'))).toEqual([
    expect.stringContaining("5,14-20: Invalid operand"),
    expect.stringContaining("6,10-16: Unsuitable value type"),
  ]);
});
