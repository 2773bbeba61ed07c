import { expect, test } from "vitest";
import { faultOf, valueOf } from "../../support.ts";

test("names nobody declared stay as they are written", () => {
  expect(valueOf("attr.os.name")).toBe("${attr.os.name}");
  expect(valueOf('"${ NOMAD_X }"')).toBe("${ NOMAD_X }");
  expect(valueOf('"${env["HOME"]}/x"')).toBe('${env["HOME"]}/x');
  // The reference doubles the braces that stand right behind; here they stay as they are.
  expect(valueOf('"x${A}}y"')).toBe("x${A}}y");
  expect(valueOf('"{{${A}} }}"')).toBe("{{${A}} }}");
});

test("a collection cannot be part of a text", () => {
  expect(faultOf(() => valueOf('"a${[1]}"'))).toBe("1,5 Invalid template interpolation value");
});

test("keys of a for may not repeat unless they are grouped", () => {
  expect(faultOf(() => valueOf('{ for x in ["a", "a"] : x => 1 }'))).toBe(
    "1,25 Duplicate object key",
  );
  expect(faultOf(() => valueOf("[for x in 5 : x]"))).toBe("1,11 Iteration over non-iterable value");
});

test("both sides of a conditional take one type", () => {
  expect(valueOf('true ? 1 : "x"')).toBe("1");
  expect(faultOf(() => valueOf("true ? 1 : []"))).toBe("1,8 Inconsistent conditional result types");
});
