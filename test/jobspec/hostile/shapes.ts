import { job, value, locals, growing, lines, printable, everySequence } from "./parts.ts";
import type { HostileText } from "./parts.ts";

/** Texts that are deep, long or many of something; in `n` parts where a count is written. */
export function shapes(n: (count: number) => number): readonly HostileText[] {
  const million = n(1_000_000);
  const everyCharacter = [
    ...printable,
    "\n",
    "\t",
    "\r",
    "\r\n",
    "\u0000",
    "\u0301",
    "é",
    "😀",
    "\uFEFF",
  ].map((character): [string, string] => [
    `a megabyte of ${JSON.stringify(character)}`,
    character.repeat(Math.ceil(million / character.length)),
  ]);
  return [
    ["20,000 nested brackets", value("[".repeat(n(20_000)))],
    ["20,000 nested brackets, closed", value("[".repeat(n(20_000)) + "]".repeat(n(20_000)))],
    ["20,000 nested braces", value("{a=".repeat(n(20_000)))],
    ["20,000 nested blocks", "job {\n".repeat(n(20_000))],
    ["20,000 nested blocks, closed", "job {\n".repeat(n(20_000)) + "}\n".repeat(n(20_000))],
    ["200,000 parentheses", value("(".repeat(n(200_000)))],
    ["200,000 parentheses, closed", value(`${"(".repeat(n(200_000))}1${")".repeat(n(200_000))}`)],
    ["200,000 negations", value(`${"!".repeat(n(200_000))}true`)],
    ["200,000 minus signs", value(`${"-".repeat(n(200_000))}1`)],
    ["200,000 sums", value(`1${"+1".repeat(n(200_000))}`)],
    ["200,000 conditionals", value(`${"true?1:".repeat(n(200_000))}1`)],
    [
      "200,000 conditionals on the left",
      value(`${"true?".repeat(n(200_000))}1${":1".repeat(n(200_000))}`),
    ],
    ["200,000 attributes of attributes", value(`a${".b".repeat(n(200_000))}`)],
    ["200,000 indexes", value(`a${"[0]".repeat(n(200_000))}`)],
    ["200,000 splats", value(`a${"[*]".repeat(n(200_000))}`)],
    ["200,000 attribute splats", value(`a${".*".repeat(n(200_000))}`)],
    ["20,000 nested calls", value(`${"upper(".repeat(n(20_000))}"a"${")".repeat(n(20_000))}`)],
    ["20,000 nested templates", value('"${'.repeat(n(20_000)))],
    [
      "20,000 nested templates, closed",
      value(`${'"${'.repeat(n(20_000))}1${'}"'.repeat(n(20_000))}`),
    ],
    [
      "20,000 nested directives",
      value(`"${"%{if true}".repeat(n(20_000))}a${"%{endif}".repeat(n(20_000))}"`),
    ],
    ["20,000 nested loops", value("[for a in ".repeat(n(20_000)))],
    ["20,000 nested heredocs", value("<<A\n${".repeat(n(20_000)))],
    ["100,000 heredocs that never end", lines(n(100_000), (at) => `a${at} = <<E${at}`)],
    ["100,000 opened comments", "/* ".repeat(n(100_000))],
    ["100,000 wrong escapes", value(`"${"\\q".repeat(n(100_000))}"`)],
    [
      "a heredoc of a megabyte in one line",
      job(`meta { a = <<EOT\n${"x".repeat(million)}\nEOT\n}`),
    ],
    ["a heredoc of a megabyte", job(`meta {\na = <<EOT\n${"x\n".repeat(million / 2)}EOT\n}`)],
    [
      "an indented heredoc of a megabyte",
      job(`meta {\na = <<-EOT\n${"  x\n".repeat(million / 4)}  EOT\n}`),
    ],
    ["a heredoc of marks", job(`meta {\na = <<EOT\n${"${1}".repeat(n(250_000))}\nEOT\n}`)],
    ["a text of marks", job(`meta {\na = "${"${1}".repeat(n(250_000))}"\n}`)],
    ["a text of kept references", job(`meta {\na = "${"${a.b}".repeat(n(150_000))}"\n}`)],
    [
      "a text of kept references and braces",
      job(`meta {\na = "${"${a}}}".repeat(n(150_000))}"\n}`),
    ],
    ["a text of trimmed marks", job(`meta {\na = "${" ${~1~}".repeat(n(150_000))}"\n}`)],
    [
      "a text of combining marks",
      job(`meta {\na = "${"e\u0301".repeat(n(300_000))}"\nb = nope(1)\n}`),
    ],
    ["faults behind combining marks", job(lines(3000, (at) => `x${at} = "${"é".repeat(100)}"`))],
    ["a line of faults", job(`meta = {${"é = nope(), ".repeat(n(50_000))}}`)],
    ["100,000 attributes", job(`meta {\n${lines(n(100_000), (at) => `a${at} = "${at}"`)}\n}`)],
    ["100,000 attributes of one name", job(`meta {\n${lines(n(100_000), () => `a = 1`)}\n}`)],
    ["100,000 unknown attributes", job(lines(n(100_000), (at) => `a${at} = 1`))],
    ["100,000 unknown attributes at the top", lines(n(100_000), (at) => `a${at} = 1`)],
    [
      "100,000 unknown functions",
      job(`meta {\n${lines(n(100_000), (at) => `a${at} = f${at}()`)}\n}`),
    ],
    ["100,000 blocks", job(lines(n(100_000), (at) => `group "g${at}" {}`))],
    ["100,000 constraints", job(lines(n(100_000), () => `constraint {}`))],
    ["100,000 jobs", lines(n(100_000), () => `job "j" {}`)],
    ["100,000 volumes", job(`group "g" {\n${lines(n(100_000), (at) => `volume "v${at}" {}`)}\n}`)],
    [
      "100,000 free blocks",
      job(`group "g" {\ntask "t" {\nconfig {\n${lines(n(100_000), () => "b {}")}\n}\n}\n}`),
    ],
    ["100,000 labels", `job${' "x"'.repeat(n(100_000))} {}`],
    [
      "100,000 free labels",
      job(`group "g" {\ntask "t" {\nconfig {\nb${' "x"'.repeat(n(100_000))} {}\n}\n}\n}`),
    ],
    [
      "100,000 locals",
      locals(
        Array.from({ length: n(100_000) }, (_, at) => `a${at} = ${at}`),
        "local.a1",
      ),
    ],
    ["a chain of 100,000 locals", growing(n(100_000), (a) => a, "1")],
    [
      "a ring of 10,000 locals",
      locals(
        Array.from({ length: n(10_000) }, (_, at) => `a${at} = local.a${(at + 1) % n(10_000)}`),
        "local.a0",
      ),
    ],
    [
      "100,000 variables",
      `${lines(n(100_000), (at) => `variable "v${at}" {\ndefault = 1\n}`)}\n${job("")}`,
    ],
    [
      "100,000 wrong names of locals",
      locals(["a = 1"], `[${lines(n(10_000), (at) => `try(local.b${at}, 1),`)}]`),
    ],
    [
      "a wrong name among 10,000 locals, often",
      locals(
        Array.from({ length: n(10_000) }, (_, at) => `abcdefgh${at} = ${at}`),
        `[${lines(n(10_000), () => `try(local.abcdefgi, 1),`)}]`,
      ),
    ],
    ["a name of a megabyte", `${"a".repeat(million)} = 1`],
    ["a block name of a megabyte", job(`${"a".repeat(million)} {}`)],
    ["a label of a megabyte", `job "${"a".repeat(million)}" {}`],
    ["a number of a megabyte", value("1".repeat(million))],
    ["a fraction of a megabyte", value(`0.${"1".repeat(million)}`)],
    ["a number with a huge exponent", value("1e999999999")],
    ["numbers that grow", growing(64, (a) => `${a} * ${a}`, "123456789123456789")],
    ["a list of a million numbers", value(`[${"1,".repeat(million / 2)}]`)],
    ["texts that double", growing(64, (a) => `"\${${a}}\${${a}}"`, '"xxxxxxxxxx"')],
    ["lists that double", growing(64, (a) => `[${a}, ${a}]`, "[1]")],
    ["lists that double by concat", growing(64, (a) => `concat(${a}, ${a})`, "[1]")],
    ["objects that double", growing(64, (a) => `{ a = ${a}, b = ${a} }`, "{}")],
    ["json that doubles", growing(64, (a) => `jsonencode([${a}, ${a}])`, '"x"')],
    ["formats that double", growing(64, (a) => `format("%s%s", ${a}, ${a})`, '"x"')],
    ["replacements that double", growing(64, (a) => `replace(${a}, "x", "xx")`, '"x"')],
    ["patterns that double", growing(64, (a) => `regex_replace(${a}, "x", "xx")`, '"x"')],
    ["joins that double", growing(64, (a) => `join(${a}, ["x", "x", "x"])`, '"x"')],
    ["indents that grow", growing(20, (a) => `indent(1000, ${a})`, '"\\n\\n\\n\\n"')],
    ["urls that grow", growing(40, (a) => `urlencode(${a})`, '"%%%%"')],
    ["base64 that grows", growing(64, (a) => `base64encode(${a})`, '"x"')],
    [
      "lists compared that double",
      growing(22, (a) => `[${a}, ${a}]`, "[1]").replace(
        "length([local.a22])",
        "local.a22 == local.a22",
      ),
    ],
    [
      "lists flattened that double",
      growing(22, (a) => `[${a}, ${a}]`, "[1]").replace(
        "length([local.a22])",
        "length(flatten(local.a22))",
      ),
    ],
    [
      "nested ranges",
      value(
        "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : [for d in range(1000) : d]]]]",
      ),
    ],
    [
      "nested directives over ranges",
      value(`"${"%{for a in range(1000)}".repeat(4)}x${"%{endfor}".repeat(4)}"`),
    ],
    [
      "a product of ranges",
      value(`length(setproduct(${Array.from({ length: 20 }, () => "range(1000)").join(", ")}))`),
    ],
    ["products of products", growing(10, (a) => `setproduct(${a}, ${a})`, "range(100)")],
    [
      "products of empty and large",
      value(`length(setproduct(range(300), range(300), [], range(1000), range(1000)))`),
    ],
    ["a huge range", value("range(1e15)")],
    ["a huge range of ranges", value("[for a in range(1024) : range(1024)]")],
    ["distinct of many", value("distinct([for a in range(1000) : [for b in range(30) : a]])")],
    [
      "distinct of very many",
      value(
        "length(distinct(flatten([for a in range(1000) : [for b in range(100) : a * 1000 + b]])))",
      ),
    ],
    [
      "a union of very many",
      value(
        "length(setunion(flatten([for a in range(1000) : [for b in range(100) : a * 1000 + b]])))",
      ),
    ],
    [
      "an intersection of very many",
      value(
        "length(setintersection(flatten([for a in range(1000) : [for b in range(100) : a * 1000 + b]]), flatten([for a in range(1000) : [for b in range(100) : a * 1000 - b]])))",
      ),
    ],
    [
      "contains in a loop",
      locals(
        ["l = flatten([for a in range(1000) : [for b in range(100) : a * 1000 + b]])"],
        `length([for a in local.l : a if contains(local.l, 0 - a)])`,
      ),
    ],
    [
      "keys in a loop",
      locals(
        ["m = { for a in range(1000) : a => a }"],
        `length([for a in range(1000) : [for b in range(1000) : lookup(local.m, "x", b)]])`,
      ),
    ],
    [
      "sums in a loop",
      locals(
        ["l = range(1000)"],
        `length([for a in local.l : [for b in local.l : length(concat(local.l, local.l))]])`,
      ),
    ],
    ["a wide format", value('format("%1000000000d", 1)')],
    ["a precise format", value('format("%.1000000000f", 1)')],
    [
      "a format of many",
      value(`format("${"%1000d".repeat(n(10_000))}", [for a in range(1000) : a]...)`),
    ],
    ["a format with many repeats", value(`format("${"%[1]1000d".repeat(n(100_000))}", 1)`)],
    ["a deep indent", value('indent(1000000000, "a\\nb\\nc")')],
    ["a join of a megabyte", value(`join("${"x".repeat(1000)}", range(1024))`)],
    ["joins in a loop", value(`[for a in range(1000) : join("${"x".repeat(1000)}", range(1000))]`)],
    ["lists chunked", value("chunklist(flatten([for a in range(1000) : range(100)]), 1)")],
    [
      "json nested deeply",
      value(`jsondecode("${"[".repeat(n(100_000))}${"]".repeat(n(100_000))}")`),
    ],
    [
      "json objects nested deeply",
      value(`jsondecode("${'{\\"a\\":'.repeat(n(50_000))}1${"}".repeat(n(50_000))}")`),
    ],
    [
      "json encoded of nested json",
      value(`jsonencode(jsondecode("${"[".repeat(5000)}${"]".repeat(5000)}"))`),
    ],
    ["a json number of a megabyte", value(`jsondecode("${"1".repeat(million)}")`)],
    [
      "csv of many columns",
      value(`csvdecode("${"a,".repeat(n(200_000))}a\\n${"1,".repeat(n(200_000))}1")`),
    ],
    ["csv of many lines", value(`csvdecode("a\\n${"1\\n".repeat(n(200_000))}")`)],
    ["csv quotes", value(`csvdecode("${'\\"'.repeat(n(200_001))}")`)],
    [
      "yaml aliases that double",
      value(
        `yamldecode("a: &a [x,x]\\n${lines(40, (at) => `b${at}: &b${at} [*${at === 0 ? "a" : `b${at - 1}`},*${at === 0 ? "a" : `b${at - 1}`}]`).replaceAll("\n", "\\n")}")`,
      ),
    ],
    ["yaml nested deeply", value(`yamldecode("${"[".repeat(n(50_000))}")`)],
    ["a catastrophic pattern", value(`regex_replace("${"a".repeat(n(50_000))}", "^(a+)+$b", "x")`)],
    [
      "a pattern with nested counts",
      value('regex_replace("a", "((((a{1,100}){1,100}){1,100}){1,100}){1,100}", "x")'),
    ],
    ["a pattern of a megabyte", value(`regex_replace("a", "${"(a|b)*".repeat(n(150_000))}", "x")`)],
    [
      "a pattern nested deeply",
      value(`regex_replace("a", "${"(".repeat(n(50_000))}a${")".repeat(n(50_000))}", "x")`),
    ],
    [
      "patterns in a loop",
      value(`[for a in range(1000) : regex_replace("${"a".repeat(1000)}", "(a*)*b", "x")]`),
    ],
    [
      "text functions on a megabyte",
      value(`title(strrev(upper(trim(substr("${"é".repeat(n(300_000))}", 0, 19999), "x"))))`),
    ],
    ["words of a megabyte", value(`length(split("", "${"x".repeat(million)}"))`)],
    [
      "replacing in a megabyte",
      value(`length([replace("${"x".repeat(million)}", "", "yyyyyyyyyy")])`),
    ],
    ["trimmed blanks of a megabyte", value(`chomp("${"\\r\\n".repeat(n(250_000))}x")`)],
    ["paths of a megabyte", value(`dirname("${"/a/..".repeat(n(200_000))}")`)],
    ["slashes of a megabyte", value(`basename("${"/".repeat(million)}a")`)],
    ["hashes in a loop", value(`[for a in range(1000) : [for b in range(1000) : sha512("x")]]`)],
    ["a huge parseint", value(`parseint("${"9".repeat(n(100_000))}", 10)`)],
    ["a huge power", value("pow(10, 1e300)")],
    [
      "a remainder of far apart numbers",
      value("[for a in range(1000) : [for b in range(1000) : 1e6000 % 1.1e-6000]]"),
    ],
    ["a tiny number as text", value('[for a in range(1000) : "${1 / 3e6000}"]')],
    ["try in try", growing(40, (a) => `try(nope(), ${a}, ${a})`, "nope()")],
    ["can in can", growing(2000, (a) => `can(${a})`, "nope()")],
    ["2,000 nested tries", value(`${"try(nope(), ".repeat(150)}1${")".repeat(150)}`)],
    [
      "types nested deeply",
      value(`convert(1, ${"list(".repeat(n(20_000))}string${")".repeat(n(20_000))})`),
    ],
    [
      "many dynamic groups",
      job(
        `dynamic "group" {\nfor_each = range(1000)\nlabels = [group.value]\ncontent {\ndynamic "task" {\nfor_each = range(1000)\nlabels = [task.value]\ncontent {\ndriver = "x"\n}\n}\n}\n}`,
      ),
    ],
    [
      "a dynamic in a dynamic in a dynamic",
      job(
        `${'dynamic "group" {\nfor_each = range(1000)\ncontent {\n'.repeat(3)}${"}\n}\n".repeat(3)}`,
      ),
    ],
    [
      "a variable of a deep type",
      `variable "v" {\ntype = ${"list(".repeat(n(10_000))}string${")".repeat(n(10_000))}\ndefault = 1\n}\n${job("")}`,
    ],
    [
      "many validations",
      `variable "v" {\ndefault = 1\n${lines(n(20_000), () => 'validation {\ncondition = var.v == 1\nerror_message = "no"\n}')}\n}\n${job("")}`,
    ],
    ...everySequence.map((sequence): [string, string] => [
      `a megabyte of ${JSON.stringify(sequence)}`,
      sequence.repeat(Math.ceil(million / sequence.length)),
    ]),
    ...everySequence.map((sequence): [string, string] => [
      `a megabyte of ${JSON.stringify(sequence)} as a value`,
      value(sequence.repeat(Math.ceil(million / sequence.length))),
    ]),
    ...everyCharacter,
    ...everyCharacter.map(([name, text]): [string, string] => [`${name} as a value`, value(text)]),
    ...everyCharacter.map(([name, text]): [string, string] => [
      `${name} as a text`,
      value(`"${text}"`),
    ]),
  ];
}
