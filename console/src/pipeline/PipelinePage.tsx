export default function PipelinePage(_: { tenant?: string; id?: string }) {
  return <main className="pg-plain" />;
}
