import { formatText } from "./core/fmt/format-text.ts";
import type { FormatResult } from "./core/fmt/format-text.ts";

/** A job file, or any other text of the language, in its one form; what is wrong with it is told by its file's name. */
export const formatJobFile = (text: string, file: string): FormatResult => formatText(file, text);
