import { expect, test } from "vitest";
import { writtenForm } from "../../src/jobspec/job-form.ts";

const kindOf = (text: string): string => writtenForm(text, "a.nomad").kind;

test("the form of a file shows in its text, whatever the file is called", () => {
  expect(kindOf('job "a" {}')).toBe("language");
  expect(kindOf('{"Job": {"ID": "a"}}')).toBe("api");
  expect(kindOf('{"ID": "a"}')).toBe("api");
  expect(kindOf('{"job": {"a": {}}}')).toBe("language-json");
  for (const text of ["", " \n", "{", "3", "[1]", '{"what": 1}'])
    expect(kindOf(text), text).toBe("unclear");
});

test("the place is the first word, or the first property", () => {
  expect(writtenForm('\n  job "a" {}', "a.nomad").place).toEqual({
    file: "a.nomad",
    start: { line: 2, column: 3 },
    end: { line: 2, column: 6 },
  });
  expect(writtenForm('{\n "ID": "a"}', "a.nomad").place).toMatchObject({
    start: { line: 2, column: 2 },
    end: { line: 2, column: 6 },
  });
});
