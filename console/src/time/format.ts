/** Times come as milliseconds since the Unix epoch and are shown in UTC or local time, always labelled. */
export type Zone = "utc" | "local";

const pad = (n: number, width = 2) => String(n).padStart(width, "0");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  milli: number;
}

function parts(ms: number, zone: Zone): Parts {
  const d = new Date(ms);
  if (zone === "utc") {
    return {
      year: d.getUTCFullYear(),
      month: d.getUTCMonth(),
      day: d.getUTCDate(),
      hour: d.getUTCHours(),
      minute: d.getUTCMinutes(),
      second: d.getUTCSeconds(),
      milli: d.getUTCMilliseconds(),
    };
  }
  return {
    year: d.getFullYear(),
    month: d.getMonth(),
    day: d.getDate(),
    hour: d.getHours(),
    minute: d.getMinutes(),
    second: d.getSeconds(),
    milli: d.getMilliseconds(),
  };
}

/** `UTC`, or the local offset: `UTC+02:00`. */
export function zoneLabel(ms: number, zone: Zone): string {
  const minutes = zone === "utc" ? 0 : -new Date(ms).getTimezoneOffset();
  if (minutes === 0) return "UTC";
  const sign = minutes < 0 ? "-" : "+";
  const size = Math.abs(minutes);
  return `UTC${sign}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** `14:31:52` */
export function clock(ms: number, zone: Zone): string {
  const p = parts(ms, zone);
  return `${pad(p.hour)}:${pad(p.minute)}:${pad(p.second)}`;
}

/** `14:31:52.418` */
export function clockMillis(ms: number, zone: Zone): string {
  return `${clock(ms, zone)}.${pad(parts(ms, zone).milli, 3)}`;
}

/** `14:31` */
export function clockMinutes(ms: number, zone: Zone): string {
  return clock(ms, zone).slice(0, 5);
}

/** `20 Nov` */
export function dayMonth(ms: number, zone: Zone): string {
  const p = parts(ms, zone);
  return `${p.day} ${MONTHS[p.month]}`;
}

/** `20 Nov 14:31 UTC`; with the year when it is not this one. */
export function dayTime(ms: number, zone: Zone, now: number): string {
  const year = parts(ms, zone).year === parts(now, zone).year ? "" : ` ${parts(ms, zone).year}`;
  return `${dayMonth(ms, zone)}${year} ${clockMinutes(ms, zone)} ${zoneLabel(ms, zone)}`;
}

/** `2026-11-20 14:31:52.418 UTC`: tips, details, copies. */
export function full(ms: number, zone: Zone): string {
  if (!ms) return "unknown";
  const p = parts(ms, zone);
  return `${p.year}-${pad(p.month + 1)}-${pad(p.day)} ${clockMillis(ms, zone)} ${zoneLabel(ms, zone)}`;
}

/** A distance in time, two units at most: `14 s`, `2 m`, `1 h 50`, `3 d`, `5 y`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 10) return minutes % 60 ? `${hours} h ${pad(minutes % 60)}` : `${hours} h`;
  if (hours < 48) return `${hours} h`;
  const days = Math.floor(hours / 24);
  return days < 730 ? `${days} d` : `${Math.floor(days / 365)} y`;
}

/** A short delay with a digit behind the point: `0.8 s`, `20 ms`. */
export function delay(ms: number): string {
  if (ms === 0) return "0 s";
  if (ms < 0) return `-${delay(-ms)}`;
  if (ms < 100) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : duration(ms);
}

/** Distance from an alert: `-12 s`, `0`, `+3 s`. */
export function offset(ms: number): string {
  if (Math.abs(ms) < 500) return "0";
  return `${ms < 0 ? "-" : "+"}${duration(Math.abs(ms))}`;
}
