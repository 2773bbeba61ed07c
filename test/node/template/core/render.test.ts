import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  parseTemplate,
  renderInSteps,
  renderTemplate,
} from "../../../../src/node/template/core/render.ts";
import { createHost } from "../../../../src/node/template/host.ts";
import { cpuMsOf } from "../../../support/cpu-time.ts";
import { noSources, outcomeOf, readRecorded, rendered } from "../../../support/render-template.ts";

/** Recorded with text/template of Go 1.26, sprig 3.2 and yaml 2.4. */
describe.each(["recorded-language.json", "recorded-sprig.json", "recorded-yaml.json"])(
  "%s",
  (name) => {
    test("is rendered as the language's own implementation does", () => {
      const differing = readRecorded(name).flatMap(([template, text]) => {
        const outcome = outcomeOf(template) as { readonly kind: string; readonly text?: string };
        const isSame = text === null ? outcome.kind === "failed" : outcome.text === text;
        return isSame ? [] : [{ template, wanted: text, got: rendered(template) }];
      });
      expect(differing).toEqual([]);
    });
  },
);

test("own delimiters take the place of the braces", () => {
  expect(rendered("{{ 1 }} [[ 2 -]] \n x", { left: "[[", right: "]]" })).toBe("{{ 1 }} 2x");
  expect(rendered("<%/* c */%><% print 1 %>", { left: "<%", right: "%>" })).toBe("1");
});

test("faults have the line and column where they are", () => {
  expect(rendered("a\nb {{ nope }}")).toBe('!:2:6: function "nope" not defined');
  expect(rendered("a\n\n  {{ index (split `,` `a`) 3 }}")).toBe(
    "!:3:6: error calling index: index out of range: 3",
  );
});

test("an absent key is no value, or a fault where that is asked for", () => {
  const text = "{{ $d := parseJSON `{}` }}{{ $d.a }}";
  expect(rendered(text)).toBe("<no value>");
  expect(rendered(text, { errMissingKey: true })).toBe('!:1:30: map has no entry for key "a"');
  expect(rendered("{{ .a }}", { errMissingKey: true })).toBe(
    '!:1:4: nil data; no entry for key "a"',
  );
});

test("everything that is missing is named in one go, and a stumble over it is no fault", () => {
  const outcome = outcomeOf(
    "{{ with nomadVar `a` }}{{ .b }}{{ end }}{{ (index (nomadService `s`) 0).Address }}",
  );
  expect(outcome).toMatchObject({
    kind: "missing",
    missing: [
      { kind: "variable", path: "a", namespace: "default", region: "global" },
      { kind: "service", name: "s" },
    ],
  });
});

test("what was asked for is told along with the text", () => {
  const outcome = outcomeOf("{{ range nomadService `s` }}{{ .Port }}{{ end }}", {
    sources: { service: () => [] },
  });
  expect(outcome).toMatchObject({
    kind: "rendered",
    text: "",
    asked: [{ kind: "service", name: "s" }],
  });
});

test("long renderings stop in between", () => {
  const parsed = parseTemplate("{{ range loop 20000 }}x{{ end }}", { left: "", right: "" });
  if (parsed.kind === "failed") throw new Error(parsed.fault.message);
  const steps = renderInSteps(parsed.template, {
    sources: noSources,
    env: new Map(),
    home: { namespace: "default", region: "global" },
    functions: createHost(0, undefined),
    errMissingKey: false,
  });
  let stops = 0;
  while (steps.next().done !== true) stops++;
  expect(stops).toBeGreaterThan(10);
});

const limits = { steps: 400_000, characters: 8 * 1024 * 1024, depth: 200 };
const bomb = (text: string): string => rendered(text, { limits });
const doubled = '{{ $x := "0123456789" }}{{ range loop 60 }}{{ $x = print $x $x }}{{ end }}';

test.each([
  ["loops within loops", "{{range loop 100000}}{{range loop 100000}}x{{end}}{{end}}", "steps"],
  ["a loop over a number", "{{range 9223372036854775807}}{{end}}", "steps"],
  ["a list that is too long", "{{loop 9223372036854775807}}", "steps"],
  ["a text that doubles", doubled, "characters"],
  ["a width that is filled", "{{range loop 100}}{{printf `%1000000d` 1}}{{end}}", "characters"],
  ["zeros that are filled", "{{range loop 100}}{{printf `%01000000d` 1}}{{end}}", "characters"],
  ["a precision that is filled", "{{range loop 100}}{{printf `%.1000000f` 1.5}}{{end}}", "steps"],
  ["a repeated text", "{{sprig_repeat 1000000000 `x`}}", "characters"],
  ["an indented text", "{{indent 1000000000 `x`}}", "characters"],
  [
    "a text that is replaced",
    '{{$x := sprig_repeat 20000 "a"}}{{$x | replaceAll "a" $x}}',
    "characters",
  ],
  ["a joined list", '{{$x := sprig_repeat 20000 "a"}}{{join $x (split "" $x)}}', "characters"],
  [
    "a pattern that is replaced",
    '{{$x := sprig_repeat 10000 "a"}}{{$x | regexReplaceAll "a" $x}}',
    "characters",
  ],
  ["a template in itself", "{{define `r`}}{{template `r`}}{{end}}{{template `r`}}", "levels"],
  [
    "templates in each other",
    "{{define `a`}}{{template `b`}}{{end}}{{define `b`}}{{template `a`}}{{end}}{{template `a`}}",
    "levels",
  ],
  [
    "a template twice in itself",
    "{{define `r`}}{{if lt (len .) 150}}{{template `r` (print . `x`)}}{{template `r` (print . `x`)}}{{end}}{{end}}{{template `r` ``}}",
    "levels",
  ],
  [
    "a list in itself, printed",
    "{{$x := sprig_list}}{{range loop 1000}}{{$x = sprig_list $x}}{{end}}{{$x}}",
    "levels",
  ],
  [
    "a list in itself, as JSON",
    "{{$x := sprig_list}}{{range loop 1000}}{{$x = sprig_list $x}}{{end}}{{toJSON $x}}",
    "levels",
  ],
  [
    "a list in itself, as YAML",
    "{{$x := sprig_list}}{{range loop 1000}}{{$x = sprig_list $x}}{{end}}{{toYAML $x}}",
    "levels",
  ],
  ["a map that holds itself", "{{$x := sprig_dict}}{{$_ := sprig_set $x `a` $x}}{{$x}}", "levels"],
  [
    "a map that holds itself, copied",
    "{{$x := sprig_dict}}{{$_ := sprig_set $x `a` $x}}{{sprig_deepCopy $x}}",
    "levels",
  ],
  [
    "a map that holds itself, compared",
    "{{$x := sprig_dict}}{{$y := sprig_dict}}{{$_ := sprig_set $x `a` $x}}{{$_ = sprig_set $y `a` $y}}{{sprig_has $x (sprig_list $y)}}",
    "levels",
  ],
  [
    "a list twice in itself, printed",
    "{{$x := sprig_list 1}}{{range loop 60}}{{$x = sprig_list $x $x}}{{end}}{{$x}}",
    "steps",
  ],
  [
    "a list twice in itself, compared",
    "{{$x := sprig_list 1}}{{$y := sprig_list 1}}{{range loop 60}}{{$x = sprig_list $x $x}}{{$y = sprig_list $y $y}}{{end}}{{sprig_has $x (sprig_list $y)}}",
    "steps",
  ],
  [
    "deep JSON",
    `{{parseJSON (print (sprig_repeat 100000 "[") (sprig_repeat 100000 "]"))}}`,
    "levels",
  ],
  [
    "long texts read again and again",
    '{{$x := sprig_repeat 1000000 "a"}}{{range loop 100000}}{{if $x | contains "b"}}{{end}}{{end}}',
    "steps",
  ],
])("%s ends with a fault that says what there is too much of", (_, text, what) => {
  const tookMs = cpuMsOf(() => {
    expect(bomb(text)).toMatch(
      new RegExp(
        `^!:1:\\d+: (?:the template|one action) .* (?:more than|deeper than) \\d+ ${what}`,
      ),
    );
  });
  expect(tookMs).toBeLessThan(10_000);
});

const long = '{{ $x := sprig_repeat 2000000 "1/" }}';
const pairs = '{{ $x := sprig_repeat 1000000 "a" }}{{ $y := print $x "b" }}';

test.each([
  ["len", `${long}{{ range loop 40000 }}{{ $_ := len $x }}{{ end }}`],
  ["index", `${long}{{ range loop 40000 }}{{ $_ := index $x 1 }}{{ end }}`],
  ["eq", `${long}{{ range loop 40000 }}{{ $_ := eq $x (print $x) }}{{ end }}`],
  ["lt", `${pairs}{{ range loop 40000 }}{{ $_ := lt $x $y }}{{ end }}`],
  [
    "sorting",
    `${pairs}{{ $l := sprig_list }}{{ range loop 500 }}{{ $l = sprig_append (sprig_append $l $x) $y }}{{ end }}{{ range loop 1000 }}{{ $_ := sprig_sortAlpha $l }}{{ end }}`,
  ],
  [
    "uniq",
    `${pairs}{{ $l := sprig_list }}{{ range loop 500 }}{{ $l = sprig_append (sprig_append $l $x) $y }}{{ end }}{{ range loop 1000 }}{{ $_ := sprig_uniq $l }}{{ end }}`,
  ],
  [
    "numbers",
    `${long}{{ range loop 40000 }}{{ $_ := sprig_atoi $x }}{{ $_ = sprig_float64 $x }}{{ $_ = toJSON $x }}{{ end }}`,
  ],
  ["parseFloat", '{{ $x := print (sprig_repeat 2000000 "1") "x" }}{{ parseFloat $x }}'],
  ["parseInt", '{{ $x := print (sprig_repeat 2000000 "1") "x" }}{{ parseInt $x }}'],
  ["time layouts", '{{ timestamp (sprig_repeat 1000000 "15") }}'],
  ["variable paths", '{{ nomadVarExists (sprig_repeat 1000000 "/a") }}'],
  ["variable names", '{{ nomadVarExists (print (sprig_repeat 1000000 "/") "@") }}'],
  ["service names", '{{ nomadService (sprig_repeat 1000000 "a.") }}'],
  ["keys of slashes", '{{ explodeMap (sprig_dict (print (sprig_repeat 1000000 "/") "a") 1) }}'],
  [
    "YAML of long keys",
    '{{ $k := sprig_repeat 1000000 "a" }}{{ toYAML (sprig_dict $k 1 (print $k "b") 2) }}',
  ],
  ["number literals", `{{ ${"1".repeat(1_000_000)} }}`],
  ["look-ups", "{{ range loop 40000 }}{{ $_ := nomadVarExists (print .) }}{{ end }}"],
])("%s of hostile lengths end soon", (_, text) => {
  const tookMs = cpuMsOf(() => {
    expect(rendered(text)).toMatch(/^!:1:\d+: /);
  });
  expect(tookMs).toBeLessThan(5_000);
});

test("a pattern that would take long on its text is refused", () => {
  expect(rendered('{{regexMatch "(a?){50}[b-c]" (sprig_repeat 100000 "a")}}')).toMatch(
    /^!:1:3: error calling regexMatch: the pattern is too large for a text of 100000 characters/,
  );
  expect(rendered('{{regexMatch "[a-z]+[0-9]" (sprig_repeat 100000 "a")}}')).toBe("false");
});

test("a width beyond reason is not read as one", () => {
  expect(rendered("{{ printf `%1000000000d` 1 }}")).toBe("%!(NOVERB)%!(EXTRA int=1)");
});

test.each([
  ["parentheses", "{{" + "(".repeat(5_000) + "1" + ")".repeat(5_000) + "}}"],
  ["blocks", "{{if 1}}".repeat(2_000) + "{{end}}".repeat(2_000)],
  ["else-ifs", "{{if 1}}" + "{{else if 1}}".repeat(5_000) + "{{end}}"],
  ["definitions", "{{block `a` 1}}".repeat(5_000)],
  ["variables", Array.from({ length: 5_000 }, (_, at) => `{{$v${at} := 1}}`).join("")],
])("too many %s within one another are refused", (_, text) => {
  expect(rendered(text)).toMatch(/^!:1:\d+: more than \d+ /);
});

test("a text of a megabyte is rendered, one of five is refused", () => {
  const megabyte = "x".repeat(1024 * 1024);
  expect(rendered(megabyte)).toBe(megabyte);
  expect(rendered("{{ 1 }}".repeat(7_000))).toBe("1".repeat(7_000));
  expect(rendered("{{ 1 }}".repeat(15_000))).toMatch(/the template has more than 40000 words$/);
  expect(rendered("x".repeat(5 * 1024 * 1024))).toMatch(/^!:1:1: the template is longer than/);
});

test("any text ends with an outcome", () => {
  const pieces = [
    "{{",
    "}}",
    "{{-",
    "-}}",
    " ",
    "\n",
    "if",
    "end",
    "else",
    "range",
    "with",
    "define",
    "template",
    "block",
    "break",
    "$",
    "$x",
    ":=",
    "=",
    ".",
    ".a",
    "(",
    ")",
    "|",
    ",",
    '"a"',
    "`b`",
    "1",
    "1.5",
    "'c'",
    "nil",
    "true",
    "print",
    "printf",
    "index",
    "len",
    "and",
    "or",
    "not",
    "eq",
    "loop 3",
    "parseJSON",
    "/*",
    "*/",
    "x",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 25 }), (parts) => {
      expect(["rendered", "missing", "failed"]).toContain(outcomeOf(parts.join(" ")).kind);
      expect(["rendered", "missing", "failed"]).toContain(outcomeOf(parts.join("")).kind);
    }),
    { numRuns: 2_000 },
  );
});

test("a text without actions stays as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      fc.pre(!text.includes("{{"));
      expect(rendered(text)).toBe(text);
    }),
  );
});

test("the same template with the same data always gives the same", () => {
  const text = '{{ range $k, $v := parseJSON `{"b":1,"a":[1,2]}` }}{{ $k }}{{ $v }}{{ end }}';
  const parsed = parseTemplate(text, { left: "", right: "" });
  if (parsed.kind === "failed") throw new Error(parsed.fault.message);
  const render = (): unknown =>
    renderTemplate(parsed.template, {
      sources: noSources,
      env: new Map(),
      home: { namespace: "default", region: "global" },
      functions: createHost(0, undefined),
      errMissingKey: false,
    });
  expect(render()).toEqual(render());
});
