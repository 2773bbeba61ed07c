import { expect, test } from "vitest";
import { rendered } from "../../../support/render-template.ts";

test.each([
  [
    "{{ range $i, $v := split `,` `a,b,c` }}{{ if eq $v `b` }}{{ continue }}{{ end }}{{ $i }}{{ $v }}{{ end }}",
    "0a2c",
  ],
  ["{{ range loop 5 }}{{ if eq . 2 }}{{ break }}{{ end }}{{ . }}{{ end }}!", "01!"],
  ["{{ range loop 2 }}{{ range loop 9 }}{{ break }}{{ end }}{{ . }}{{ end }}", "01"],
  ["{{ $n := 0 }}{{ range loop 3 }}{{ $n = add $n . }}{{ end }}{{ $n }}", "3"],
  ["{{ with 1 }}{{ . }}{{ $ }}{{ end }}", "1<no value>"],
  ["{{ define `t` }}{{ . }}{{ $ }}{{ end }}{{ template `t` 4 }}", "44"],
])("%s gives %j", (text, expected) => {
  expect(rendered(text)).toBe(expected);
});

test("a loop over what is no list is a fault at the loop", () => {
  expect(rendered("x{{ range 1.5 }}{{ end }}")).toBe(
    "!:1:5: range can't iterate over a value of type float64",
  );
});

test("a limit that the output reaches is a fault at its statement", () => {
  expect(rendered("abc{{ 1 }}defgh", { limits: { steps: 100, characters: 6, depth: 10 } })).toMatch(
    /^!:1:11: the template makes texts/,
  );
});
