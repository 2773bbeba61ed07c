const units: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  pb: 1e15,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  p: 1e15,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
  pib: 2 ** 50,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
  pi: 2 ** 50,
};

/** `100GB`, `1.5 GiB`, `4096`: bytes, or undefined when it is no size. */
export function parseByteSize(text: string): number | undefined {
  const match = /^\s*(\d[\d,]*(?:\.\d+)?)\s*([a-zA-Z]*)\s*$/.exec(text);
  if (!match) return undefined;
  const unit = units[(match[2] ?? "").toLowerCase()];
  const bytes = Math.floor(Number((match[1] ?? "").replaceAll(",", "")) * (unit ?? Number.NaN));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** For people: `100 GB`, `1.5 MB`, `512 B`. */
export function formatByteSize(bytes: number): string {
  const names = ["B", "kB", "MB", "GB", "TB", "PB"];
  const step = Math.min(names.length - 1, Math.max(0, Math.floor(Math.log10(bytes || 1) / 3)));
  return `${Math.round((bytes / 1e3 ** step) * 10) / 10} ${names[step] ?? ""}`;
}
