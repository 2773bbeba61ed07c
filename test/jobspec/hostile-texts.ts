/** What somebody may send to make the reader work for long or take much memory. */
export type HostileText = readonly [name: string, text: string];

const job = (inside: string): string => `job "j" {\n${inside}\n}\n`;
const value = (expression: string): string => job(`meta = { a = ${expression} }`);
const locals = (lines: readonly string[], last: string): string =>
  `locals {\n${lines.join("\n")}\n}\n${job(`meta = { a = ${last} }`)}`;
/** Locals that each use the one before twice or more. */
const growing = (count: number, next: (before: string) => string, first: string): string =>
  locals(
    [
      `a0 = ${first}`,
      ...Array.from({ length: count }, (_, at) => `a${at + 1} = ${next(`local.a${at}`)}`),
    ],
    `"\${length([local.a${count}])}"`,
  );
const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join("\n");

const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));
const everySequence = [
  "${",
  "%{",
  "$${",
  "<<A\n",
  "<<-A\n",
  "/*",
  "a=1\n",
  "a{}\n",
  "a {\n",
  '"a"',
  "a.",
  "a,",
  "[*]",
  "!!",
  "--",
  "a?",
  "a:",
  "for ",
  "x(",
  "1+",
  "~}",
  "%{if x}",
  "${a}",
];

/** Every text with so many parts as `n` makes of the count that is written; whole with `(count) => count`. */
export function hostileTexts(n: (count: number) => number): readonly HostileText[] {
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
    ...attacks(n),
  ];
}

/** Values that grow, work that hides in one short call, and texts that are long in one way only. */
function attacks(n: (count: number) => number): readonly HostileText[] {
  return [
    ...growingAttacks(n),
    ...loopingAttacks(n),
    ...decodingAttacks(n),
    ...patternAttacks(n),
    ...numberAttacks(n),
    ...longAttacks(n),
    ...jsonAttacks(n),
  ];
}

const big = "big = flatten([for a in range(1000) : [for b in range(100) : a * 1000 + b]])";
const words = 'words = [for a in range(1000) : "w-${a}"]';
const wide = 'wide = { for a in range(1000) : "key-${a}" => a }';
/** A loop over a thousand times a thousand turns. */
const often = (inside: string): string =>
  `length([for x in range(1000) : [for y in range(1000) : ${inside}]])`;
const withLocal = (line: string, inside: string): string => locals([line], inside);

function growingAttacks(n: (count: number) => number): readonly HostileText[] {
  const aliased = Array.from(
    { length: 15 },
    (_, at) => `a${at + 1} = [local.a${at}, local.a${at}]`,
  );
  const shared = (last: string): string => locals(['a0 = ["x", "y"]', ...aliased], last);
  return [
    ["json of a list that shares its parts", shared("length([jsonencode(local.a15)])")],
    ["yaml of a list that shares its parts", shared("length([yamlencode(local.a15)])")],
    ["a set of lists that share their parts", shared("length([distinct(local.a15)])")],
    ["json of shared parts, often", shared(often("jsonencode(local.a12)"))],
    ["yaml of shared parts, often", shared(often("yamlencode(local.a12)"))],
    ["products in a loop", value(often("setproduct(range(100), range(100))"))],
    ["products of sets in a loop", value(often("setproduct(setunion(range(100)), range(100))"))],
    [
      "a format of a long pattern for many",
      value(`length(formatlist("%s${"x".repeat(n(500_000))}", range(1000)))`),
    ],
    ["formats for many in a loop", value(often('formatlist("%1000s", range(1000))'))],
    ["splits and joins that double", growing(64, (a) => `join("xx", split("x", ${a}))`, '"axb"')],
    ["letters split and joined", growing(64, (a) => `join("y", split("", "\${${a}}x"))`, '"x"')],
    ["lists of letters", growing(30, (a) => `concat(${a}, split("", join("", ${a})))`, '["xyz"]')],
    ["replacements of nothing", growing(64, (a) => `replace(${a}, "", "ab")`, '"x"')],
    [
      "base64 there and back",
      growing(500, (a) => `base64decode(base64encode(${a}))`, `"${"x".repeat(n(500_000))}"`),
    ],
    [
      "merges that double",
      growing(40, (a) => `merge(${a}, { for k, v in ${a} : "\${k}x" => v })`, "{ a = 1 }"),
    ],
    ["maps in maps", growing(200, (a) => `{ for k in ["a", "b"] : k => ${a} }`, "{}")],
    ["chunks of chunks", growing(200, (a) => `chunklist(${a}, 1)`, "range(1000)")],
    ["flat lists that double", growing(40, (a) => `flatten([${a}, [[${a}]]])`, "[1]")],
    [
      "zipped maps",
      growing(
        40,
        (a) => `zipmap([for i in range(1000) : "k\${i}"], [for i in range(1000) : ${a}])`,
        "1",
      ),
    ],
    ["templates in templates", value(`${'"${"a${'.repeat(n(4000))}1${'}"}"'.repeat(n(4000))}`)],
    ["templates in templates, as deep as may be", value(`${'"a${'.repeat(60)}1${'}"'.repeat(60)}`)],
    [
      "names of many loops",
      value(
        `${Array.from({ length: 60 }, (_, at) => `[for a${at}, b${at} in range(2) : `).join("")}1${"]".repeat(60)}`,
      ),
    ],
  ];
}

function loopingAttacks(n: (count: number) => number): readonly HostileText[] {
  return [
    [
      "a conditional over a large list, often",
      withLocal(big, often("true ? local.big : local.big")),
    ],
    ["large lists compared, often", withLocal(big, often("local.big == local.big"))],
    ["a splat of a large list, often", withLocal(wide, often("[local.wide][*].key-1"))],
    ["a splat of splats, often", withLocal(big, often("local.big[*]"))],
    [
      "all locals as one value, often",
      locals(
        [wide, ...Array.from({ length: n(5000) }, (_, at) => `l${at} = 1`)],
        often("length(keys(local))"),
      ),
    ],
    ["a large list converted, often", withLocal(big, often("convert(local.big, list(string))"))],
    ["a large set made, often", withLocal(big, often("convert(local.big, set(number))"))],
    ["a missing attribute tried, often", withLocal(wide, often("try(local.wide.nope, 1)"))],
    [
      "a missing name tried, often",
      locals(
        Array.from({ length: n(10_000) }, (_, at) => `abcdefgh${at} = 1`),
        often("try(local.abcdefgi, 1)"),
      ),
    ],
    ["sorted words, often", withLocal(words, often("sort(local.words)"))],
    ["keys of merged maps, often", withLocal(wide, often("keys(merge(local.wide, { z = 1 }))"))],
    ["distinct words, often", withLocal(words, often("distinct(local.words)"))],
    ["unions, often", withLocal(words, often("setunion(local.words, local.words)"))],
    ["an index of a map, often", withLocal(wide, often('index(local.wide, "key-1")'))],
    ["texts joined, often", withLocal(words, often('join(",", local.words)'))],
    ["a map looped over, often", withLocal(wide, often("length([for k, v in local.wide : k])"))],
    ["a text looped over", value(`[for c in "${"x".repeat(n(500_000))}" : c]`)],
    [
      "graphemes counted, often",
      locals([`t = "${"e\u0301".repeat(n(50_000))}"`], often("strlen(local.t)")),
    ],
    [
      "graphemes cut, often",
      locals([`t = "${"e\u0301".repeat(n(50_000))}"`], often("substr(local.t, 1, 2)")),
    ],
    [
      "capitals, often",
      locals([`t = "${"é".repeat(n(50_000))}"`], often("title(upper(lower(local.t)))")),
    ],
    [
      "trimmed blanks, often",
      locals([`t = "${" x".repeat(n(50_000))}"`], often("trimspace(trim(local.t, local.t))")),
    ],
    [
      "a wide format of graphemes, often",
      locals(
        [`t = "${"e\u0301".repeat(n(20_000))}"`],
        often('format("%1000s %q %.5s", local.t, local.t, local.t)'),
      ),
    ],
    [
      "hashes of a large text, often",
      locals([`t = "${"x".repeat(n(100_000))}"`], often("sha512(md5(sha256(sha1(local.t))))")),
    ],
    ["passwords", value('[for a in range(1000) : bcrypt("x", 10)]')],
    ["a password of the highest cost", value('bcrypt("x", 31)')],
    ["passwords of cost 14", value('[bcrypt("x", 14), bcrypt("y", 14)]')],
    ["identifiers, often", value(often('uuidv5("dns", uuidv4())'))],
    [
      "dates, often",
      value(often('formatdate("YYYY-MM-DD EEEE", timeadd("2026-01-01T00:00:00Z", "1h"))')),
    ],
    ["a long date", value(`formatdate("'${"''".repeat(n(400_000))}'", "2026-01-01T00:00:00Z")`)],
    [
      "a date that never ends",
      value(`formatdate("'${"''".repeat(n(400_000))}", "2026-01-01T00:00:00Z")`),
    ],
    ["subnets, often", value(often('cidrsubnets("fc00::/8", range(50, 90)...)'))],
    ["hosts, often", value(often('cidrhost("fc00::/8", 1000)'))],
    ["paths, often", value(often(`dirname("${"a/../".repeat(200)}")`))],
    [
      "dynamic blocks with large labels",
      job(
        `dynamic "group" {\nfor_each = range(1000)\nlabels = [join("", [for a in range(1000) : "x"])]\ncontent {\n}\n}`,
      ),
    ],
    [
      "dynamic blocks of free blocks",
      job(
        `dynamic "group" {\nfor_each = range(100)\nlabels = [group.value]\ncontent {\ndynamic "task" {\nfor_each = range(100)\nlabels = [task.value]\ncontent {\ndriver = "x"\nconfig {\na = [for a in range(1000) : a]\n}\n}\n}\n}\n}`,
      ),
    ],
    [
      "deeply nested dynamic blocks",
      job(
        'dynamic "group" {\nfor_each = [1]\nlabels = ["a"]\ncontent {\n'.repeat(n(2000)) +
          "}\n}\n".repeat(n(2000)),
      ),
    ],
    [
      "directives in directives in loops",
      value(`"${"%{for a in range(100)}%{if true}".repeat(6)}x${"%{endif}%{endfor}".repeat(6)}"`),
    ],
    [
      "directives over a map, often",
      withLocal(
        wide,
        `"%{for x in range(1000)}%{for k, v in local.wide}\${k}=\${v}%{endfor}%{endfor}"`,
      ),
    ],
    [
      "conditions that are always false",
      value(
        "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : 1 if false]]]",
      ),
    ],
    [
      "groups of one key",
      value('{ for a in flatten([for b in range(1000) : range(1000)]) : "k" => a... }'),
    ],
  ];
}

function decodingAttacks(n: (count: number) => number): readonly HostileText[] {
  const lot = n(50_000);
  return [
    ["yaml of many items", value(`length(yamldecode("${"- a\\n".repeat(n(200_000))}"))`)],
    [
      "yaml of many keys",
      value(`length(yamldecode("${lines(lot, (at) => `k${at}: ${at}`).replaceAll("\n", "\\n")}"))`),
    ],
    ["yaml of one key often", value(`length(yamldecode("${"a: 1\\n".repeat(lot)}"))`)],
    [
      "yaml of many anchors",
      value(
        `length(yamldecode("${lines(n(20_000), (at) => `- &a${at} x`).replaceAll("\n", "\\n")}"))`,
      ),
    ],
    [
      "yaml of many aliases",
      value(`length(yamldecode("- &a x\\n${"- *a\\n".repeat(n(20_000))}"))`),
    ],
    [
      "yaml merges that double",
      value(
        `yamldecode("a0: &a0 {x: 1}\\n${lines(n(400), (at) => `a${at + 1}: &a${at + 1} {<<: [*a${at}, *a${at}], k${at}: 1}`).replaceAll("\n", "\\n")}")`,
      ),
    ],
    ["a yaml text of one word", value(`yamldecode("${"x".repeat(n(800_000))}")`)],
    ["yaml of flow brackets", value(`yamldecode("${"[],".repeat(n(200_000))}")`)],
    ["yaml of quotes", value(`yamldecode("${"'".repeat(n(500_000))}")`)],
    ["yaml of question marks", value(`yamldecode("${"? ".repeat(n(200_000))}")`)],
    ["yaml of dashes", value(`yamldecode("${"- ".repeat(n(200_000))}")`)],
    ["yaml of colons", value(`yamldecode("${"a: ".repeat(n(200_000))}")`)],
    ["yaml of comments", value(`yamldecode("${"#\\n".repeat(n(200_000))}")`)],
    ["yaml of documents", value(`yamldecode("${"---\\n".repeat(n(200_000))}")`)],
    ["yaml read, often", value(often('yamldecode("a: 1")'))],
    [
      "yaml of a long text",
      locals([`t = "${"x é ".repeat(n(200_000))}"`], "length([yamlencode(local.t)])"),
    ],
    [
      "yaml of lines",
      locals([`t = "${" x\\n".repeat(n(200_000))}"`], "length([yamlencode([local.t])])"),
    ],
    [
      "csv of many columns by name",
      value(
        `csvdecode("${lines(n(60_000), (at) => `c${at}`).replaceAll("\n", ",")}\\n${"1,".repeat(n(60_000) - 1)}1")`,
      ),
    ],
    [
      "csv of a thousand by a thousand",
      value(
        `length(csvdecode("${lines(500, (at) => `c${at}`).replaceAll("\n", ",")}\\n${`${"1,".repeat(499)}1\\n`.repeat(n(800))}"))`,
      ),
    ],
    ["csv of quoted line ends", value(`csvdecode("a\\n${'\\"\\n\\"\\n'.repeat(n(150_000))}")`)],
    ["json of many values", value(`length(jsondecode("[${"1,".repeat(n(800_000))}1]"))`)],
    ["json of many objects", value(`length(jsondecode("[${"{},".repeat(n(500_000))}1]"))`)],
    ["json of escapes", value(`length([jsondecode("\\"${"\\\\u0061".repeat(n(200_000))}\\"")])`)],
    ["json of far numbers", value(`length(jsondecode("[${"1e5999,".repeat(n(100_000))}1]"))`)],
    ["json read, often", value(often('jsondecode("{\\"a\\":[1,2,3]}")'))],
    ["url of a large text", value(`length([urlencode(urlencode("${"é".repeat(n(300_000))}"))])`)],
  ];
}

function patternAttacks(n: (count: number) => number): readonly HostileText[] {
  const replaced = (text: string, pattern: string): string =>
    `regex_replace("${text}", "${pattern}", "x")`;
  return [
    ["long patterns in a loop", value(often(replaced("", "(a|b)*".repeat(n(1600)))))],
    ["a long pattern on a short text, often", value(often(replaced("ab", "a?".repeat(1000))))],
    ["a pattern of counts", value(replaced("a", "((a{1,100}){1,100}){1,10}"))],
    ["patterns of counts, often", value(often(replaced("a", "(a{1,100}){1,10}")))],
    ["a pattern of large classes", value(replaced("a", "\\\\p{L}".repeat(n(1500))))],
    ["patterns of large classes, often", value(often(replaced("a", "\\\\pL\\\\pN(?i)[a-zß-ÿ]")))],
    ["a pattern of negated classes", value(replaced("a", "\\\\P{L}[^a]\\\\W\\\\S".repeat(n(400))))],
    [
      "a pattern that could match everywhere",
      value(replaced("a".repeat(n(100_000)), "(a|aa|aaa|aaaa)*$")),
    ],
    ["a pattern with nested stars", value(replaced("a".repeat(n(100_000)), "((a*)*)*b"))],
    ["a pattern of any characters", value(replaced("ab".repeat(n(100_000)), ".*.*.*=.*"))],
    ["a pattern that matches nothing, everywhere", value(replaced("é".repeat(n(200_000)), ""))],
    ["a pattern of many groups", value(replaced("a".repeat(n(10_000)), "(a)".repeat(1000)))],
    [
      "many groups written out",
      value(`regex_replace("${"a".repeat(n(20_000))}", "(a)", "${"$1".repeat(1000)}")`),
    ],
    [
      "a pattern of many choices",
      value(
        replaced("z".repeat(n(50_000)), lines(n(1500), (at) => `w${at}`).replaceAll("\n", "|")),
      ),
    ],
  ];
}

function numberAttacks(n: (count: number) => number): readonly HostileText[] {
  return [
    ["far numbers", value(`[${"1e5999,".repeat(n(140_000))}]`)],
    ["near numbers", value(`[${"1e-5999,".repeat(n(120_000))}]`)],
    ["long numbers", value(`[${`${"7".repeat(10_000)},`.repeat(n(100))}]`)],
    ["long fractions", value(`[${`0.${"7".repeat(10_000)},`.repeat(n(100))}]`)],
    ["far numbers in texts, often", value(often('"1e5999" + "1e-5999"'))],
    ["far numbers as texts, often", value(often('"${1e5999}"'))],
    ["near numbers as texts, often", value(often('"${1e-5999}"'))],
    [
      "near numbers as json, often",
      withLocal(
        "near = [for a in range(1000) : (a + 1) / 3e5999]",
        often("jsonencode(local.near)"),
      ),
    ],
    [
      "far numbers formatted, often",
      value(often('format("%f %e %g %x", 1e5999, 1e5999, 1e5999, 1e5999)')),
    ],
    [
      "near numbers formatted, often",
      value(often('format("%.999f %.999e %.999g", 1e-5999, 1e-5999, 1e-5999)')),
    ],
    ["far and near numbers added, often", value(often("1e5999 + 1e-5999"))],
    ["far and near numbers compared, often", value(often("1e5999 > 1e-5999"))],
    ["powers, often", value(often("pow(9007199254740991, 1099)"))],
    ["a power of a power", value("pow(pow(10, 308), pow(10, 308))")],
    ["logarithms of far numbers, often", value(often("log(1e5999, 2)"))],
    ["whole parts of near numbers, often", value(often("ceil(1e-5999) + floor(-1e-5999)"))],
    ["long integers read, often", value(often(`parseint("${"Z".repeat(1000)}", 62)`))],
    ["a range of tiny steps", value("range(0, 1, 1e-300)")],
    ["ranges, often", value(often("range(0, 1, 0.001)"))],
    ["the largest of many, often", value(often("max(range(1000)...)"))],
    ["quotients that never end, often", value(often("1e5999 / 3 % 7e-5999"))],
    ["far numbers as indexes, often", withLocal(words, often("try(local.words[1e5999], 1)"))],
    [
      "lists of far numbers as texts",
      withLocal("far = [for a in range(1000) : 1e5999 + a]", often('join(",", local.far)')),
    ],
  ];
}

const openings = [
  '"',
  '"${',
  "[",
  "{",
  "(",
  "<<A\n",
  "<<-A\n${",
  '"%{if ',
  '"%{for a in ',
  "[for a in ",
  "{for a in ",
  "/*",
  "f(",
  "a[",
  "a ? ",
];

function longAttacks(n: (count: number) => number): readonly HostileText[] {
  return [
    ...openings.map((opening): HostileText => [
      `${JSON.stringify(opening)} that never ends`,
      value(`${opening}${"x ".repeat(n(400_000))}`),
    ]),
    ["everything opened and nothing closed", `a = ${openings.join(" ").repeat(n(10_000))}`],
    ["every block opened", 'job "a" {\ngroup "g" {\ntask "t" {\n'.repeat(n(20_000))],
    ["names told behind many characters", `${"é".repeat(n(500_000))} ${"= 1 ".repeat(n(1000))}`],
    [
      "one character with a million marks",
      job(`meta {\na = "e${"\u0301".repeat(n(1_000_000))}"\nb = nope(1)\n}`),
    ],
    ["a fault behind a million marks", value(`["e${"\u0301".repeat(n(1_000_000))}", nope()]`)],
    ["a million marks measured", value(`strlen("e${"\u0301".repeat(n(1_000_000))}")`)],
    ["emoji joined without end", value(`strlen("${"👩\u200d".repeat(n(200_000))}")`)],
    ["flags without end", value(`strlen("${"🇦".repeat(n(200_000))}")`)],
    ["hangul without end", value(`strlen("${"\u1100".repeat(n(500_000))}")`)],
    ["marks of all kinds", value(`upper("${"a\u0323\u0307\u0301".repeat(n(200_000))}")`)],
    ["comments", "#\n".repeat(n(900_000))],
    ["comments in one line", "/**/".repeat(n(400_000))],
    ["a comment of two megabytes", `# ${"x".repeat(n(1_900_000))}\n${job("")}`],
    ["a text that is too long", job(`meta {\na = "${"x".repeat(n(20_000_000))}"\n}`)],
    ["line ends", "\n".repeat(n(1_900_000))],
    ["line ends in brackets", value(`[${"\n".repeat(n(1_500_000))}]`)],
    ["blank lines of a heredoc", job(`meta {\na = <<EOT\n${"\n".repeat(n(1_900_000))}EOT\n}`)],
    [
      "blank lines of an indented heredoc",
      job(`meta {\na = <<-EOT\n${"\n".repeat(n(1_900_000))}EOT\n}`),
    ],
    [
      "almost the ends of a heredoc",
      job(`meta {\na = <<EOT\n${"EOT x\n".repeat(n(300_000))}EOT\n}`),
    ],
    ["a marker of a megabyte", job(`meta {\na = <<${"E".repeat(n(900_000))}\nx\n}`)],
    [
      "blanks before the ends of a heredoc",
      job(`meta {\na = <<EOT\n${`${" ".repeat(1000)}EOT x\n`.repeat(n(1800))}EOT\n}`),
    ],
    ["escapes", job(`meta {\na = "${"\\n".repeat(n(900_000))}"\n}`)],
    ["long escapes", job(`meta {\na = "${"\\U0001F600".repeat(n(180_000))}"\n}`)],
    ["escaped marks", job(`meta {\na = "${"$${".repeat(n(600_000))}"\n}`)],
    ["empty lists", value(`[${"[],".repeat(n(600_000))}]`)],
    ["empty texts", value(`[${'"",'.repeat(n(600_000))}]`)],
    ["empty objects", value(`[${"{},".repeat(n(600_000))}]`)],
    ["one key often", value(`{${"a=1,".repeat(n(450_000))}}`)],
    ["empty calls", value(`[${"f(),".repeat(n(450_000))}]`)],
    ["kept references", value(`[${"a.b,".repeat(n(450_000))}]`)],
    [
      "a wrong name among many locals, told often",
      `locals {\n${lines(n(20_000), (at) => `abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst${at} = 1`)}\n}\n${job(`meta {\n${lines(n(2000), (at) => `m${at} = local.abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrsu${at}`)}\n}`)}`,
    ],
    [
      "references to wrong variables",
      `${lines(n(20_000), (at) => `variable "v${at}" {\n}`)}\n${job(`meta {\n${lines(n(2000), (at) => `m${at} = var.v${at}`)}\n}`)}`,
    ],
    [
      "free blocks with many labels",
      job(
        `group "g" {\ntask "t" {\nconfig {\n${`b${' "x"'.repeat(150)} {\n}\n`.repeat(n(500))}}\n}\n}`,
      ),
    ],
    [
      "variables of one block",
      `variables {\n${lines(n(90_000), (at) => `v${at} = ${at}`)}\n}\n${job("")}`,
    ],
    [
      "tasks",
      job(
        `group "g" {\n${lines(n(15_000), (at) => `task "t${at}" {\ndriver = "docker"\nconfig {\nimage = "x"\n}\n}`)}\n}`,
      ),
    ],
  ];
}

function jsonAttacks(n: (count: number) => number): readonly HostileText[] {
  const json = (inside: string): string => `{"job":{"j":{${inside}}}}`;
  const fields = (count: number, field: (at: number) => string): string =>
    Array.from({ length: count }, (_, at) => field(at)).join(",");
  return [
    ["JSON nested deeply", `{"a":${"[".repeat(n(500_000))}`],
    ["JSON objects nested deeply", '{"a":'.repeat(n(300_000))],
    ["JSON of values", json(`"meta":{"a":[${"1,".repeat(n(900_000))}1]}`)],
    ["JSON of texts", json(`"meta":{"a":[${'"",'.repeat(n(600_000))}1]}`)],
    ["JSON of unknown names in one line", json(fields(n(100_000), (at) => `"é${at}":1`))],
    [
      "JSON of escapes and unknown names",
      json(fields(n(60_000), (at) => `"\\u00e9\\u0301${at}":1`)),
    ],
    ["JSON of templates", json(`"meta":{"a":"${"${1}".repeat(n(450_000))}"}`)],
    ["JSON of many templates", json(`"meta":{${fields(n(100_000), (at) => `"a${at}":"\${1}"`)}}`)],
    [
      "JSON of wrong templates",
      json(`"meta":{${fields(n(100_000), (at) => `"a${at}":"\\u0061\${"`)}}`),
    ],
    [
      "a JSON text of escapes with a fault",
      json(`"meta":{"a":"${"\\u0061".repeat(n(250_000))}\${nope()}"}`),
    ],
    ["JSON of one name", json(fields(n(200_000), () => `"a":1`))],
    ["JSON of groups", json(`"group":[${fields(n(100_000), (at) => `{"g${at}":{}}`)}]`)],
    [
      "JSON of variables",
      `{"variable":{${fields(n(60_000), (at) => `"v${at}":{"default":1}`)}},"job":{"j":{}}}`,
    ],
    [
      "JSON of dynamic blocks",
      json(
        `"dynamic":{"group":[${fields(n(20_000), () => `{"for_each":[1,2,3],"labels":["a"],"content":{}}`)}]}`,
      ),
    ],
    ["blanks before JSON", `${" ".repeat(n(1_900_000))}{`],
  ];
}
