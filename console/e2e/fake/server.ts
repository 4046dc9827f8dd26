export async function startFakeApi(_: { port: number; live: boolean }): Promise<{ url: string }> {
  return { url: "http://127.0.0.1:8080" };
}
