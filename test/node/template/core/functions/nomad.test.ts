import { expect, test } from "vitest";
import type { TemplateSources } from "../../../../../src/node/template/core/lookups.ts";
import { rendered } from "../../../../support/render-template.ts";

const metadata = {
  namespace: "default",
  path: "nomad/jobs/redis",
  createIndex: 5,
  modifyIndex: 9,
  createTimeNs: 1n,
  modifyTimeNs: 2n,
};
const service = {
  id: "_s1",
  name: "redis",
  node: "n1",
  address: "10.0.0.1",
  port: 6379,
  datacenter: "dc1",
  tags: ["b", "a"],
  jobId: "j",
  allocId: "x",
};
const sources: Partial<TemplateSources> = {
  variable: ({ path }) =>
    path === metadata.path ? { ...metadata, items: { port: "6379", host: "h" } } : "absent",
  variables: ({ prefix }) => (prefix === "none" ? [] : [metadata, { ...metadata, path: "a" }]),
  service: ({ name, choose }) =>
    name === "redis"
      ? [service, { ...service, address: "10.0.0.2", tags: ["a"] }].slice(0, choose?.count)
      : [],
  services: () => [
    { name: "web", tags: ["x"] },
    { name: "redis", tags: [] },
  ],
  file: ({ path }) =>
    path === "local/a" ? { kind: "content", text: "A\n" } : { kind: "refused", reason: "no" },
};
const env = { A: "1", EMPTY: "" };
const render = (text: string): string => rendered(text, { sources, env });

test.each([
  ['{{ env "A" }}{{ env "B" }}', "1"],
  ['{{ envOrDefault "EMPTY" "d" }}{{ envOrDefault "A" "d" }}', "d1"],
  ['{{ mustEnv "A" }}{{ mustEnv "EMPTY" }}', "1"],
  ['{{ with nomadVar "nomad/jobs/redis" }}{{ .host }}:{{ .port }}{{ .none }}{{ end }}', "h:6379"],
  [
    '{{ range $k, $v := nomadVar "nomad/jobs/redis" }}{{ $k }}={{ $v }};{{ end }}',
    "host=h;port=6379;",
  ],
  [
    '{{ with nomadVar "nomad/jobs/redis" }}{{ .Metadata.Path }} {{ .Metadata.ModifyIndex }} {{ .Keys }} {{ .Values }} {{ .Parent.Namespace }} {{ .host.Key }}{{ end }}',
    "nomad/jobs/redis 9 [host port] [h 6379] default host",
  ],
  [
    '{{ range (nomadVar "nomad/jobs/redis").Tuples }}{{ .K }}-{{ .V }} {{ end }}',
    "host-h port-6379 ",
  ],
  ['{{ (nomadVar "nomad/jobs/redis").port | parseInt | add 1 }}', "6380"],
  ['{{ toJSON (nomadVar "nomad/jobs/redis") }}', '{"host":"h","port":"6379"}'],
  ['{{ nomadVarExists "nomad/jobs/redis" }} {{ nomadVarExists "nope" }}', "true false"],
  ["{{ range nomadVarList }}{{ . }} {{ end }}", "a nomad/jobs/redis "],
  ['{{ range nomadVarListSafe "nomad" }}{{ .Path }} {{ end }}', "a nomad/jobs/redis "],
  [
    '{{ range nomadService "redis" }}{{ .Address }}:{{ .Port }} {{ .Tags }} {{ end }}',
    "10.0.0.1:6379 [a b] 10.0.0.2:6379 [a] ",
  ],
  ['{{ range nomadService 1 "key" "redis" }}{{ .Name }}{{ end }}', "redis"],
  [
    '{{ range $tag, $s := nomadService "redis" | byTag }}{{ $tag }}={{ len $s }} {{ end }}',
    "a=2 b=1 ",
  ],
  ["{{ range nomadServices }}{{ .Name }}{{ .Tags }} {{ end }}", "redis[] web[x] "],
  ['{{ nomadService "nobody" }}', "[]"],
  ['{{ file "local/a" | trimSpace }}', "A"],
])("%s gives %j", (text, expected) => {
  expect(render(text)).toBe(expected);
});

test.each([
  ['{{ mustEnv "B" }}', 'environment variable "B" is not set'],
  ['{{ nomadVar "../x" }}', "nomad.var.get: invalid format"],
  ['{{ nomadService 0 "k" "redis" }}', "the count must be a positive number"],
  ['{{ nomadService "a" "redis" }}', "must be a name, or a count, a key and a name"],
  ['{{ nomadService "a b" }}', "nomad.service: invalid format"],
  ['{{ file "/etc/passwd" }}', "file: no"],
])("%s is a fault", (text, expected) => {
  expect(render(text)).toContain(expected);
});

test("a variable that is not there, and an empty list where it must not be, are waited for", () => {
  expect(render('{{ nomadVar "nope@prod" }}')).toContain('"path":"nope","namespace":"prod"');
  expect(render('{{ nomadVarListSafe "none" }}')).toContain('"prefix":"none"');
  expect(render('{{ nomadVarList "none" }}')).toBe("[]");
});
