/** The queue that an alert was opened from, so that J, K and Back go on where it was. */
export interface QueueMemory {
  tenant: string;
  /** Alert ids in the order they stood. */
  order: readonly string[];
  total: number;
  /** The queue's parameters. */
  search: string;
}

let memory: QueueMemory | null = null;

export function rememberQueue(queue: QueueMemory) {
  memory = queue;
}

export function rememberedQueue(tenant: string): QueueMemory | null {
  return memory?.tenant === tenant ? memory : null;
}

/** The address of the queue with the alert as the chosen one. */
export function backSearch(queue: QueueMemory | null, id: string): string {
  if (!queue) return "";
  const params = new URLSearchParams(queue.search);
  params.set("sel", id);
  return `?${params}`;
}
