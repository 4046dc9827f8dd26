export default function RulesPage(_: { tenant?: string; id?: string }) {
  return <main className="pg-plain" />;
}
