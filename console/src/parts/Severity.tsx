import type { Level } from "../api/wire";

/** The level as a shape first and a colour second. */
export const LEVEL_NAME: Record<Level, string> = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
  informational: "Info",
};

export const LEVEL_CLASS: Record<Level, string> = {
  critical: "crit",
  high: "high",
  medium: "med",
  low: "low",
  informational: "info",
};

export const LEVEL_FILL: Record<Level, string> = {
  critical: "var(--crit-f)",
  high: "var(--high-f)",
  medium: "var(--med-f)",
  low: "var(--low-f)",
  informational: "var(--info-f)",
};

const SHAPE: Record<Level, React.ReactNode> = {
  critical: (
    <path
      fill="currentColor"
      fillRule="evenodd"
      d="M3 0h8a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3zm3 2.800v5.200h2V2.800zm0 6.400v2h2v-2z"
    />
  ),
  high: <path fill="currentColor" d="M1 8.500h3V13H1zM5.500 5h3v8h-3zM10 1h3v12h-3z" />,
  medium: (
    <>
      <path fill="currentColor" d="M1 8.500h3V13H1zM5.500 5h3v8h-3z" />
      <path fill="currentColor" opacity=".28" d="M10 1h3v12h-3z" />
    </>
  ),
  low: (
    <>
      <path fill="currentColor" d="M1 8.500h3V13H1z" />
      <path fill="currentColor" opacity=".28" d="M5.500 5h3v8h-3zM10 1h3v12h-3z" />
    </>
  ),
  informational: <circle cx="7" cy="8" r="3.800" fill="none" stroke="currentColor" strokeWidth="1.600" />,
};

export function Severity({ level, large = false }: { level: Level; large?: boolean }) {
  return (
    <svg
      className={`sv ${LEVEL_CLASS[level]}${large ? " large" : ""}`}
      viewBox="0 0 14 14"
      role="img"
      aria-label={LEVEL_NAME[level]}
    >
      {SHAPE[level]}
    </svg>
  );
}
