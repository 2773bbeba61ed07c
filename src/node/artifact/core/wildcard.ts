/** Whether a name fits a pattern of letters, `?` for one and `*` for any number; the time grows with both lengths only. */
export function matchesWildcard(pattern: string, name: string): boolean {
  let [at, star, retry] = [0, -1, 0];
  for (let place = 0; place < name.length;) {
    const wanted = pattern[at];
    if (wanted !== undefined && wanted !== "*" && (wanted === "?" || wanted === name[place])) {
      at++;
      place++;
    } else if (wanted === "*") {
      star = at++;
      retry = place;
    } else if (star >= 0) {
      at = star + 1;
      place = ++retry;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

export const hasWildcard = (text: string): boolean => /[*?]/.test(text);
