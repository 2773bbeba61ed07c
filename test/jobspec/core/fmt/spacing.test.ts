import { expect, test } from "vitest";
import { joinPieces } from "../../../../src/jobspec/core/fmt/spacing.ts";
import { linesOf } from "./pieces.ts";

test.each([
  ["a=1", "a = 1"],
  ["a   =\t1", "a = 1"],
  ["a{}", "a {}"],
  ["a {   }", "a {}"],
  ["a{b=1}", "a { b = 1 }"],
  ['a"x"b"y"{}', 'a "x" b "y" {}'],
  ["a=f ( x,1 ,[ 2,3 ] ... )", "a = f(x, 1, [2, 3]...)"],
  ["a=n :: f( )", "a = n::f()"],
  ["a={b=1,c:2}", "a = { b = 1, c : 2 }"],
  ["a=1+2*-3-4", "a = 1 + 2 * -3 - 4"],
  ["a=-  b - -c", "a = -b - -c"],
  ["a=b -1", "a = b - 1"],
  ["a=(b)-1", "a = (b) - 1"],
  ["a=[-1,- 2]", "a = [-1, -2]"],
  ["a=/* c */- 1", "a = /* c */ -1"],
  ["a=b/* c */-/* d */1", "a = b /* c */ - /* d */ 1"],
  ["a=! ! b&&!c||d", "a = !!b && !c || d"],
  ["a=b?- 1:- 2", "a = b ? -1 : -2"],
  ["a=b>=1?c!=2:d", "a = b >= 1 ? c != 2 : d"],
  ["a=(  b+1  )", "a = (b + 1)"],
  ["a=var . b [ 0 ] . c", "a = var.b[0].c"],
  ["a=var.b.* .c", "a = var.b.*.c"],
  ["a=var.b [ * ] [ 1 ]", "a = var.b[*][1]"],
  ["a=var.b . 0 [ 1 ]", "a = var.b.0[1]"],
  ["a=1 .5", "a = 1 .5"],
  ['a="x" [0]', 'a = "x"[0]'],
  ["a=[[1],[2]] [0] [1]", "a = [[1], [2]][0][1]"],
  ["a={b=1} . b", "a = { b = 1 }.b"],
  ["a=[for k,v in[1]:[v]if(v)]", "a = [for k, v in [1] : [v] if (v)]"],
  ["a=[for v in - 1:- v if - v]", "a = [for v in -1 : -v if -v]"],
  ["a={for k,v in b:k=>v ...if v}", "a = { for k, v in b : k => v... if v }"],
  ["a=f(/* c */b,/* d */)", "a = f(/* c */ b, /* d */)"],
  ["/* c */a=1", "/* c */ a = 1"],
])("%s is written %s", (text, expected) => {
  const [line] = linesOf(text);
  expect(joinPieces(line ?? [])).toBe(expected);
  expect(joinPieces(linesOf(expected)[0] ?? [])).toBe(expected);
});
