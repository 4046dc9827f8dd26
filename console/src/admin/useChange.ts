import { useMutation, useQueryClient } from "@tanstack/react-query";

/** Runs a change of the list `of`, which is read again after it. */
export function useChange<A, R>(
  of: string,
  tenant: string,
  change: (asked: A) => Promise<R>,
  done: (made: R) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: [of, tenant] });
      done(made);
    },
  });
}
