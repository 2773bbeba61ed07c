import { describe, expect, test } from "vitest";
import { parseJson } from "../../../src/api/http/json-body.ts";

const fault = (text: string): string => {
  try {
    parseJson(text);
    return "none";
  } catch (thrown) {
    return (thrown as Error).message;
  }
};

describe("a body", () => {
  test("has its keys found whatever their case, the exact one first", () => {
    const fields = parseJson('{"jobid":"lower","JobID":"exact","ENFORCEINDEX":true,"n":3}');
    expect(fields.text("JobID")).toBe("exact");
    expect(fields.text("jobID")).toBe("lower");
    expect(fields.bool("EnforceIndex")).toBe(true);
    expect(fields.number("N")).toBe(3);
    expect(fields.text("Missing")).toBeUndefined();
  });

  test("takes null for absent, on top too", () => {
    expect(parseJson("null").text("x")).toBeUndefined();
    expect(parseJson('{"Job":null}').object("Job")).toBeUndefined();
  });

  test("does not reach into prototypes", () => {
    const fields = parseJson('{"__proto__":{"admin":true},"Meta":{"__proto__":"x"}}');
    expect(fields.get("admin")).toBeUndefined();
    expect(fields.get("constructor")).toBeUndefined();
    expect(fields.get("toString")).toBeUndefined();
    expect(fields.object("__proto__")?.bool("Admin")).toBe(true);
    expect(Object.entries(fields.textMap("Meta") ?? {})).toEqual([["__proto__", "x"]]);
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });

  test.each([
    ['{"a":1}', "Name", undefined],
    ['{"Name":1}', "Name", "json: cannot unmarshal number into field Name of type string"],
    ['{"Name":[]}', "Name", "json: cannot unmarshal array into field Name of type string"],
    ['{"Name":true}', "Name", "json: cannot unmarshal bool into field Name of type string"],
  ])("%s read as a text", (body, name, message) => {
    const read = (): unknown => parseJson(body).text(name);
    if (message === undefined) expect(read()).toBeUndefined();
    else expect(read).toThrow(message);
  });

  test.each([
    ['{"Job":', "unexpected EOF"],
    ["", "EOF"],
    ["  ", "EOF"],
    ["{oops", "invalid character 'o' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ["[1 2]", "invalid character '2' after array element"],
    ["[1,]", "invalid character ']' looking for beginning of value"],
    ["tru", "unexpected EOF"],
    ["trub", "invalid character 'b' in literal true (expecting 'e')"],
    ["{} x", "invalid character 'x' after top-level value"],
    ['{"a":"b', "unexpected EOF"],
    ['{"a":"\n"}', "invalid character '\\n' in string literal"],
    ['{"a":"\\x"}', "invalid character 'x' in string escape code"],
    ["-", "unexpected EOF"],
    ["-x", "invalid character 'x' in numeric literal"],
    ["[]", "json: cannot unmarshal array into field body of type object"],
    ["3", "json: cannot unmarshal number into field body of type object"],
    ["[".repeat(200_000), "exceeded max depth"],
  ])("%# is refused with the words of this wire", (text, message) => {
    expect(fault(text)).toBe(message);
  });
});
