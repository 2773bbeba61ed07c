import { expect, test } from "vitest";
import {
  defaultArtifactSettings,
  readArtifactSettings,
} from "../../../../src/node/artifact/core/settings.ts";

const published = {
  httpReadTimeoutMs: 1_800_000,
  httpMaxSize: "100GB",
  gitTimeoutMs: 1_800_000,
  decompressionFileCountLimit: 4096,
  decompressionSizeLimit: "100GB",
  allowedNetworks: [],
};

test("the published words are the defaults", () => {
  expect(readArtifactSettings(published)).toEqual({ ok: true, settings: defaultArtifactSettings });
});

test("zero lifts a limit", () => {
  const read = readArtifactSettings({
    ...published,
    httpReadTimeoutMs: 0,
    httpMaxSize: "0",
    decompressionFileCountLimit: 0,
    decompressionSizeLimit: "0GB",
  });
  expect(read).toMatchObject({
    settings: {
      httpTimeoutMs: Infinity,
      httpMaxBytes: Infinity,
      maxFiles: Infinity,
      maxUnpackedBytes: Infinity,
    },
  });
});

test("networks are allowed by name", () => {
  const read = readArtifactSettings({ ...published, allowedNetworks: ["127.0.0.0/8", "::1"] });
  expect(read.ok ? read.settings.allowedNetworks.map(({ bits }) => bits) : []).toEqual([104, 128]);
});

test("all that is wrong is told at once", () => {
  expect(
    readArtifactSettings({
      ...published,
      httpMaxSize: "much",
      gitTimeoutMs: -1,
      decompressionFileCountLimit: -5,
      allowedNetworks: ["home"],
    }),
  ).toEqual({
    ok: false,
    errors: [
      'http_max_size "much" is no size such as 100GB',
      "git_timeout must not be negative",
      "decompression_file_count_limit must not be negative",
      '"home" is no network such as 10.0.0.0/8',
    ],
  });
});
