import { expect, test } from "vitest";
import { renderTemplate } from "../../../src/cli/core/go-template.ts";

const data = {
  Name: "web",
  Groups: [{ N: "a" }, { N: "b" }],
  Meta: { k: "v" },
  Count: 2,
  Off: false,
};

test.each([
  ["{{.Name}} {{ .Count }}", "web 2"],
  ["{{range .Groups}}{{.N}},{{end}}", "a,b,"],
  ["{{range $i, $g := .Groups}}{{$i}}={{$g.N}} {{end}}", "0=a 1=b "],
  ["{{range .Meta}}{{.}}{{else}}none{{end}}", "v"],
  ["{{if .Off}}x{{else if eq .Count 2}}two{{else}}y{{end}}", "two"],
  ["{{with .Meta}}{{.k}}{{end}}", "v"],
  ["{{- .Name -}}  !", "web!"],
  ['{{printf "%s-%03v" .Name .Count | upper}}', "WEB-  2"],
  ["{{len .Groups}} {{(index .Groups 1).N}}", "2 b"],
  ['{{join "," .Groups}}', "map[N:a],map[N:b]"],
  ["{{$x := .Count}}{{$x}}{{/* note */}}", "2"],
  ["{{$.Name | quote}}", '"web"'],
])("%s", (template, expected) => {
  expect(renderTemplate(template, data)).toBe(expected);
});

test.each([
  ["{{.Nope}}", "can't evaluate field Nope"],
  ["{{.Name", "unclosed action"],
  [
    "x\n{{.Name.First}}",
    'template: :2:8: executing "" at <.Name.First>: can\'t evaluate field First in type string',
  ],
  ["{{if .Name}}x", "unexpected EOF"],
  ["{{end}}", "unexpected {{end}}"],
  ["{{moon .Name}}", 'function "moon" not defined'],
  ['{{template "x"}}', "not supported"],
])("%s is refused", (template, reason) => {
  expect(() => renderTemplate(template, data)).toThrow(reason);
});
