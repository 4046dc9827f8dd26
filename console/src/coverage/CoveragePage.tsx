export default function CoveragePage(_: { tenant?: string; id?: string }) {
  return <main className="pg-plain" />;
}
