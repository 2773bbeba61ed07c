/** The text with the replacement character for halves of pairs that stand alone: they have no bytes in UTF-8. */
export const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, "\ufffd");
