/** What a list answers. */
interface Page<T> {
  items: readonly T[];
  nextPageToken: string;
}

/** Lists of people's own making are short; this bounds one that is not. */
const MOST_PAGES = 20;
export const LARGEST_PAGE = 1000;

/** All pages of a list, one after the other. */
export async function allPages<T>(
  read: (params: URLSearchParams) => Promise<Page<T>>,
  size = LARGEST_PAGE,
): Promise<T[]> {
  const all: T[] = [];
  const params = new URLSearchParams({ page_size: String(size) });
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, nextPageToken } = await read(params);
    all.push(...items);
    if (!nextPageToken || items.length === 0) return all;
    params.set("page_token", nextPageToken);
  }
  return all;
}
