import { queryOptions } from "@tanstack/react-query"
import { api, type Of, page } from "../api/client"

export type Delivery = Of<"Delivery">

// The newest deliveries of sources; those of the fixed webhooks run no processor.
export const recentDeliveriesQuery = queryOptions({
  queryKey: ["deliveries"],
  queryFn: ({ signal }) => page(api.GET("/v1/deliveries", { params: { query: { per_page: 100 } }, signal })),
})
