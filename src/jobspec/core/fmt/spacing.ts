import { isClosing, isOpening } from "./token-types.ts";
import type { Line, Piece } from "./token-types.ts";

/** The pieces of a line with the blanks between them. */
export function joinPieces(pieces: Line): string {
  let out = "";
  pieces.forEach((piece, at) => {
    const left = pieces[at - 1];
    if (left !== undefined && isApart(pieces, at, left, piece)) out += " ";
    out += piece.text;
  });
  return out;
}

/** Whether a blank stands before the piece at `at`. */
function isApart(pieces: Line, at: number, left: Piece, right: Piece): boolean {
  if (isSign(left, "{") && isSign(right, "}")) return false;
  if (isSign(left, "{") || isSign(right, "}")) return true;
  if (isOpening(left) || isClosing(right)) return false;
  if (isSign(right, ".")) return isLoneNumber(pieces, at - 1);
  if (isSign(left, ".") || isSign(left, "::") || isSign(right, "::")) return false;
  if (isSign(right, ",") || isSign(right, "...")) return false;
  if (isSign(right, "(")) return left.kind !== "word" || keywords.has(left.text);
  if (isSign(right, "[")) return !endsValue(pieces, at - 1);
  return !isPrefix(pieces, at - 1);
}

const isSign = (piece: Piece | undefined, text: string): boolean =>
  piece?.kind === "sign" && piece.text === text;

/** Words that stand between values and are no value themselves. */
const keywords = new Set(["in", "if", "for"]);

/** `1 .5` is no `1.5`. */
const isLoneNumber = (pieces: Line, at: number): boolean =>
  pieces[at]?.kind === "number" && !isSign(pieces[at - 1], ".");

function endsValue(pieces: Line, at: number): boolean {
  const piece = pieces[at];
  if (piece === undefined || piece.kind === "comment") return false;
  if (piece.kind === "word") return !keywords.has(piece.text);
  if (piece.kind !== "sign") return true;
  return isClosing(piece) || (piece.text === "*" && isSign(pieces[at - 1], "."));
}

/** A sign that belongs to the value behind it: `!x`, `-x`. */
function isPrefix(pieces: Line, at: number): boolean {
  if (isSign(pieces[at], "!")) return true;
  if (!isSign(pieces[at], "-")) return false;
  let before = at - 1;
  while (pieces[before]?.kind === "comment") before -= 1;
  return !endsValue(pieces, before);
}
