import { queryOptions } from "@tanstack/react-query"
import { api, type FiltersOf, given, type Of, page, thing } from "../api/client"
import type { V } from "../trace/api"

export type Delivery = Of<"Delivery">
export type DeliveryDetail = Of<"DeliveryDetail", { body: V }>

export const states = ["waiting", "done", "failed", "skipped"] as const

export type DeliveryFilters = FiltersOf<"/v1/deliveries">

export const deliveriesQuery = (filters: DeliveryFilters) =>
  queryOptions({
    queryKey: ["deliveries", filters],
    queryFn: ({ signal }) => page(api.GET("/v1/deliveries", { params: { query: given(filters) }, signal })),
  })

// The newest deliveries of sources; those of the fixed webhooks run no processor.
export const recentDeliveriesQuery = deliveriesQuery({ per_page: 100 })

export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ["delivery", id],
    queryFn: ({ signal }) => thing(api.GET("/v1/deliveries/{id}", { params: { path: { id } }, signal })) as unknown as Promise<DeliveryDetail>,
  })
