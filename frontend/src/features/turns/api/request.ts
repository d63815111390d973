import { useMutation, useQuery } from "@tanstack/react-query";
import type { Overview } from "@/client/contract";
import { api, apiText } from "@/lib/api";

/** The address of the gateway comes with the overview; the cache shares it with that page. */
export const useGatewayUrl = (tenant: string) =>
  useQuery({
    queryKey: [tenant, "overview"],
    queryFn: ({ signal }) => api<Overview>(`/t/${tenant}/overview/`, { signal }),
    select: ({ gateway_url }) => gateway_url,
  });

/** The request as the caller sent it, when somebody asks for it: it may be long. */
export const useFetchRequest = (tenant: string, id: string) =>
  useMutation({ mutationFn: () => apiText(`/t/${tenant}/turns/${id}/request/`) });
