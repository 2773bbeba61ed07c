import { expect, test } from "vitest";
import {
  interpolateConfig,
  interpolateMap,
  interpolateText,
} from "../../../../src/reconciler/core/node/interpolate.ts";

const tables = [{ "node.datacenter": "dc1" }, { NOMAD_PORT_http: "8080", nested: "${HOME}" }];

test("known names are replaced in one pass, unknown ones stay as written", () => {
  expect(interpolateText("${node.datacenter}:${NOMAD_PORT_http} ${env.HOME}", tables)).toBe(
    "dc1:8080 ${env.HOME}",
  );
  expect(interpolateText("${nested}", tables)).toBe("${HOME}");
  expect(interpolateMap({ a: "${NOMAD_PORT_http}" }, tables)).toEqual({ a: "8080" });
});

test("driver config is interpolated at every depth and knows env[..] and the escape", () => {
  const config = { args: ["${NOMAD_PORT_http}", { deep: '${env["NOMAD_PORT_http"]}' }], n: 3 };
  expect(interpolateConfig(config, tables)).toEqual({
    ok: true,
    config: { args: ["8080", { deep: "8080" }], n: 3 },
  });
  expect(interpolateConfig({ script: "echo $${x}" }, tables)).toEqual({
    ok: true,
    config: { script: "echo ${x}" },
  });
});

test("driver config refuses an unknown name and anything but a name", () => {
  expect(interpolateConfig({ image: "${nope}" }, tables)).toEqual({
    ok: false,
    error: 'Unknown variable: There is no variable named "nope".',
  });
  expect(interpolateConfig({ image: '${upper("x")}' }, tables)).toMatchObject({ ok: false });
});
