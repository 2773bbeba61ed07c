import { job, value, locals, growing, lines, big, words, wide, often, withLocal } from "./parts.ts";
import type { HostileText } from "./parts.ts";

export function growingAttacks(n: (count: number) => number): readonly HostileText[] {
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

export function loopingAttacks(n: (count: number) => number): readonly HostileText[] {
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

export function decodingAttacks(n: (count: number) => number): readonly HostileText[] {
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
