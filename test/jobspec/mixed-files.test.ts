import { expect, test } from "vitest";
import type { Json } from "../../src/lib/json.ts";
import { formatDiagnostic, parseJob } from "../../src/jobspec/parse-job.ts";

/** Job files in which the parts of the language meet, each with what the published rules make of it. */
const configOf = (inside: string, before = ""): string =>
  `${before}job "j" {
  group "g" {
    task "t" {
      driver = "mock_driver"
      config {
${inside}
      }
    }
  }
}
`;

function parsed(text: string): Json {
  const result = parseJob(text, { file: "t" });
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join("\n"));
  return result.body;
}
const config = (text: string): Json =>
  (parsed(text) as unknown as { TaskGroups: { Tasks: { Config: Json }[] }[] }).TaskGroups[0]!
    .Tasks[0]!.Config;
function faults(text: string): readonly string[] {
  const result = parseJob(text, { file: "t" });
  return result.ok ? [] : result.diagnostics.map(formatDiagnostic).map((one) => one.slice(2));
}

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

test("loops group, nest, filter and name keys", () => {
  const nodes = `variable "nodes" {
  type    = list(object({ name = string, dc = string }))
  default = [{ name = "a", dc = "x" }, { name = "b", dc = "y" }, { name = "c", dc = "x", more = 1 }]
}
`;
  const text = configOf(
    `by_dc  = { for n in var.nodes : n.dc => n.name... }
nested = { for dc, names in { for n in var.nodes : n.dc => n.name... } : dc => [for i, s in names : "\${i}:\${upper(s)}" if s != "c"] }
counts = { for dc, names in { for n in var.nodes : n.dc => n.name... } : dc => length(names) if length(names) > 1 }
flat   = flatten([for dc in ["x", "y"] : [for n in var.nodes : "\${dc}/\${n.name}" if n.dc == dc]])
keyed  = { for i, n in var.nodes : "\${n.name}" => i if n.dc != "y" }
shadow = [for var in ["x"] : [for x in [1, 2] : [for x in [var] : x]]]
both   = [{ for k, k in { a = 1 } : k => k }]`,
    nodes,
  );
  expect(config(text)).toMatchObject({
    by_dc: { x: ["a", "c"], y: ["b"] },
    nested: { x: ["0:A"], y: ["0:B"] },
    counts: { x: 2 },
    flat: ["x/a", "x/c", "y/b"],
    keyed: { a: 0, c: 2 },
    shadow: [[["x"], ["x"]]],
    both: [{ 1: 1 }],
  });
});

test("heredocs keep to their directives, strip marks and least indent", () => {
  const text = configOf(`a = <<EOF
%{ for i, x in ["p", "q"] ~}
\${i}=\${x}
%{ endfor ~}
end
EOF
b = <<-EOF
    %{ if true }
  yes
    %{~ else }
  no
    %{ endif ~}
    tail
EOF
c = <<-EOF
  \${~ "x" ~}
  y
    \${ "z" }
  $\${lit} %%{lit}
EOF
d = "%{ for x in ["a", "b"] }\${x}%{ if x == "a" },%{ endif }%{ endfor }"
e = <<EOF
EOF
f = <<-EOF

    one

      two
  EOF
g = upper(<<-X
    hi \${lower("THERE")}
    X
)`);
  expect(config(text)).toEqual({
    a: "0=p\n1=q\nend\n",
    // What a mark leaves of the indent of its line counts as none at all.
    b: "    \n  yes\n    tail\n",
    c: "x  y\n    z\n  ${lit} %{lit}\n",
    d: "a,b",
    e: "",
    f: "\none\n\n  two\n",
    g: "HI THERE\n",
  });
});

test("values of variables take their types, deep down", () => {
  const text = configOf(
    `obj  = var.obj
m    = var.m
tup  = var.tup
set  = var.set
deep = var.deep["k"][0].n
n    = var.n
b    = var.b
none = length(var.none[*])`,
    `variable "obj" {
  type    = object({ a = number, b = list(string), c = object({ d = bool }) })
  default = { a = "5", b = [1, true], c = { d = "true", e = 1 }, z = 1 }
}
variable "m" {
  type    = map(number)
  default = { x = "1", y = 2.50 }
}
variable "tup" {
  type    = tuple([string, number])
  default = [1, "2"]
}
variable "set" {
  type    = set(number)
  default = [3, "1", 2, 3]
}
variable "deep" {
  type    = map(list(object({ n = number })))
  default = { k = [{ n = "7" }] }
}
variable "n" {
  type    = number
  default = "1e3"
}
variable "b" {
  type    = bool
  default = "1"
}
variable "none" {
  type    = string
  default = null
}
`,
  );
  expect(config(text)).toEqual({
    obj: { a: 5, b: ["1", "true"], c: { d: true } },
    m: { x: 1, y: 2.5 },
    tup: ["1", 2],
    set: [1, 2, 3],
    deep: 7,
    n: 1000,
    b: true,
    none: 0,
  });
});

test("types that variables cannot have, and values that do not fit, are all told", () => {
  const one = (name: string, type: string, value: string): string =>
    `variable "${name}" {\n  type = ${type}\n  default = ${value}\n}\n`;
  const text = [
    one("a", "object({ a = optional(string) })", "{}"),
    one("b", "any", "1"),
    one("c", "list(any)", "[]"),
    one("d", "list", "[]"),
    one("e", '"string"', '""'),
    one("f", "list(object({ n = number, s = string }))", '[{ n = 1 }, { n = "x", s = "y" }]'),
    one("g", "tuple([string])", '["a", "b"]'),
    one("h", "map(bool)", '{ a = "yes" }'),
    'job "j" {}\n',
  ].join("");
  expect(faults(text)).toEqual([
    expect.stringMatching(/^2,\d+-\d+: Invalid type specification; optional is no type/),
    expect.stringContaining("6,10-13: Invalid type specification"),
    expect.stringContaining("10,15-18: Invalid type specification"),
    expect.stringContaining("14,10-14: Invalid type specification"),
    expect.stringContaining("18,10-18: Invalid type specification"),
    expect.stringContaining("23,13-46: Invalid value for variable"),
    expect.stringContaining("27,13-23: Invalid value for variable"),
    expect.stringContaining("31,13-26: Invalid value for variable"),
  ]);
});

test("conditionals bring their results to one type and leave what is not taken alone", () => {
  const text = configOf(`a = true ? 1 : "x"
b = false ? [1] : ["a", "b"]
c = true ? null : 5
d = [for x in [1, "a", true] : x]
e = jsonencode(true ? { a = 1, b = "x" } : { c = true })
f = true ? 1 : nope(1)
g = true ? "a" : 1 + []
h = length(true ? {} : { a = 1 })`);
  expect(config(text)).toEqual({
    a: "1",
    b: ["a", "b"],
    c: null,
    d: [1, "a", true],
    e: '{"a":"1","b":"x"}',
    f: 1,
    g: "a",
    h: 0,
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

test("what is wrong with the arguments of functions is told for every call", () => {
  const text = configOf(
    [
      'upper(["x"])',
      "length(5)",
      'max("a", 1)',
      'join(",", "a")',
      'element("abc", 0)',
      'format("%d", "x")',
      'split(",")',
      "parseint(12, 10)",
      'timeadd("nope", "1h")',
      'jsondecode("{")',
      'regex_replace("a", "(", "b")',
      "keys([1])",
      'convert("x", number)',
      "merge({}, [])",
      "index([1], null)",
      "concat()",
    ]
      .map((call, at) => `f${at} = ${call}`)
      .join("\n"),
  );
  const told = faults(text);
  expect(told.map((one) => Number.parseInt(one, 10))).toEqual(
    Array.from({ length: 16 }, (_, at) => at + 6),
  );
  expect(told.join("\n")).not.toMatch(/\.\.|RE2JS|undefined/);
});

test("elements that are not there, and collections that have none, are told at their place", () => {
  const text = configOf(
    `a = var.s[0]
b = var.m["nope"]
c = var.l[5]
d = var.l[-1]
e = var.o.nope
f = var.l.x
g = var.l[1.5]
h = var.n[*]
i = [for x in var.n : x]
j = { for x in [1, 1] : x => x }
k = [for x in [] : x if nope()]`,
    `variable "s" {
  type    = set(string)
  default = ["b"]
}
variable "m" {
  type    = map(string)
  default = { a = "1" }
}
variable "l" {
  type    = list(string)
  default = ["x"]
}
variable "o" {
  default = { name = 1 }
}
variable "n" {
  type    = list(string)
  default = null
}
`,
  );
  expect(faults(text)).toEqual([
    expect.stringContaining("25,10-13: Invalid index"),
    expect.stringContaining("26,10-18: Invalid index"),
    expect.stringContaining("27,10-13: Invalid index"),
    expect.stringContaining("28,10-14: Invalid index"),
    expect.stringContaining("29,10-15: Unsupported attribute"),
    expect.stringContaining("30,10-12: Unsupported attribute"),
    expect.stringContaining("31,10-15: Invalid index"),
    expect.stringContaining("32,10-13: Splat of null value"),
    expect.stringContaining("33,15-20: Iteration over non-iterable value"),
    expect.stringContaining("34,25-26: Duplicate object key"),
    expect.stringContaining("35,25-29: Call to unknown function"),
  ]);
});

test("locals go round in whatever order they stand, and not in circles", () => {
  const locals = `locals {
  c   = "\${local.b}!"
  all = { for k, v in { a = local.a, b = local.b } : k => upper(v) }
}
locals {
  b = "\${local.a}b"
  a = "a"
}
`;
  expect(config(configOf("x = local.c\ny = local.all", locals))).toEqual({
    x: "ab!",
    y: { a: "A", b: "AB" },
  });
  const circle =
    'locals {\n  a = local.b\n  b = "${local.c}x"\n  c = [for x in [1] : local.a]\n}\n';
  expect(faults(configOf("x = local.a", circle))).toEqual([
    expect.stringContaining("Circular reference"),
  ]);
});

test("a text that is not closed in its line is told once", () => {
  expect(faults('job "j" {\n  name = "a\\\n  type = "batch"\n}\n')).toEqual([
    expect.stringMatching(/^2,.*: Unterminated text/),
  ]);
});
