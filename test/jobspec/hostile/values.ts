import { job, value, lines, words, often, withLocal, openings } from "./parts.ts";
import type { HostileText } from "./parts.ts";

export function patternAttacks(n: (count: number) => number): readonly HostileText[] {
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

export function numberAttacks(n: (count: number) => number): readonly HostileText[] {
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

export function longAttacks(n: (count: number) => number): readonly HostileText[] {
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

export function jsonAttacks(n: (count: number) => number): readonly HostileText[] {
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
