/** Numbers as people read them; no locale surprises. */
export const whole = (n: number): string => Math.round(n).toLocaleString("en-US");

const short1 = (n: number) => (n >= 99.95 ? String(Math.round(n)) : n.toFixed(1));

/** `41.8k`, `950`, `0.4` */
export function rate(n: number): string {
  if (n >= 1e6) return `${short1(n / 1e6)}M`;
  if (n >= 10_000) return `${short1(n / 1e3)}k`;
  if (n >= 100) return whole(n);
  return n === 0 ? "0" : n < 10 ? n.toFixed(1) : String(Math.round(n));
}

/** `128`, `12.4k`, `3.1M` */
export function short(n: number): string {
  return n < 10_000 ? whole(n) : rate(n);
}

export function bytes(n: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let size = n;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${whole(n)} ${n === 1 ? one : many}`;
