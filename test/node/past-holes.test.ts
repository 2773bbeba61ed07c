import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** Holes of the reference that a node could have as well, and the tests that show that this one has none of them. */
const holes: readonly (readonly [hole: string, what: string, ...files: string[]])[] = [
  ["CVE-2019-12618", "tasks of nobody with more rights than that", "drivers/exec/isolation"],
  ["CVE-2019-14802", "templates that read the agent's own files", "node/templates"],
  ["CVE-2019-14803", "artifacts that lend rights", "node/artifact/archives"],
  ["CVE-2019-15928", "tasks of a driver that is disabled", "drivers/raw-exec/rights"],
  ["CVE-2020-10944", "files of tasks that a browser runs", "api/handlers/client"],
  [
    "CVE-2020-27195",
    "words that lead out once they are filled in",
    "node/artifact-attacks",
    "node/templates",
  ],
  ["CVE-2020-28348", "volumes that nobody allowed", "drivers/docker/containers"],
  ["CVE-2021-3283", "processes of others in a task's view", "drivers/exec/isolation"],
  ["CVE-2021-32575", "raw sockets", "drivers/exec/isolation", "drivers/docker/containers"],
  ["CVE-2022-24683", "links in an allocation that the file API follows", "node/files"],
  ["CVE-2022-24686", "artifacts of one task in another one", "node/artifact-attacks"],
  ["CVE-2022-30324", "addresses that become options of a program", "node/artifact/git"],
  ["CVE-2022-41606", "addresses that end the agent", "node/artifact-attacks"],
  ["CVE-2023-0821", "archives that never end", "node/artifact/archives"],
  ["CVE-2024-1329", "links that templates follow", "node/templates"],
  ["CVE-2024-3817", "options in the address of a repository", "node/artifact/git"],
  ["CVE-2024-6717", "archives that write elsewhere", "node/artifact/archives"],
  ["CVE-2025-8959", "links in what was fetched", "node/artifact/archives"],
  ["CVE-2026-6959", "logs that a task has exchanged for a link", "node/log-files"],
  ["CVE-2026-7474", "names that become paths", "node/alloc-directory"],
  ["CVE-2026-14891", "namespaces of the host or of others", "drivers/docker/security"],
  ["CVE-2026-14896", "links as sources of volumes", "drivers/docker/containers"],
];

/** What has no number, by the words of the test. */
const unnumbered: readonly (readonly [what: string, file: string, title: string])[] = [
  [
    "tokens of the agent's environment",
    "agent/host-environment",
    "tokens of the agent's own environment reach no task",
  ],
  [
    "secrets by another spelling or a link",
    "node/files",
    "secrets are unreadable, also through a link",
  ],
  [
    "a directory of logs that became a link",
    "node/log-files",
    "a directory of logs that was exchanged",
  ],
  [
    "a link in a folder that is inherited",
    "node/sticky-disk",
    "a link in a folder's place is not inherited",
  ],
  ["a mount over a link", "node/secrets-mount", "a link in the folder's place is never mounted on"],
  ["an executor's log that became a link", "drivers/raw-exec/starts", "executor.out"],
  [
    "the whole of what a container may do",
    "drivers/docker/containers",
    "a container made with the defaults is what an inspector hopes for",
  ],
];

const textOf = (file: string): string => readFileSync(`test/${file}.test.ts`, "utf8");
const titles = (text: string): readonly string[] =>
  [
    ...text.matchAll(/(?:test|describe)[^"`]*?\(\s*["`]([^"`]+)/g),
    ...text.matchAll(/\]\)\(\s*"([^"]+)/g),
  ].map((found) => found[1] ?? "");

describe("every hole of the past has a test that carries its name", () => {
  test.each(holes)("%s: %s", (hole, _what, ...files) => {
    for (const file of files)
      expect(
        titles(textOf(file)).filter((title) => title.includes(hole)),
        file,
      ).not.toEqual([]);
  });

  test.each(unnumbered)("%s", (_what, file, title) => {
    expect(textOf(file)).toContain(title);
  });
});

test("no test carries the name of a hole that the table has forgotten", () => {
  const known = new Map(holes.map(([hole, , ...files]) => [hole, files]));
  for (const file of new Set(holes.flatMap(([, , ...files]) => files)))
    for (const [hole] of textOf(file).matchAll(/CVE-\d+-\d+/g))
      expect(known.get(hole), `${hole} in ${file}`).toContain(file);
});
