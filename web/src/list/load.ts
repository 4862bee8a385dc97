import { api, given, page } from "../api/client"
import type { Load } from "./useRows"

// loadOf reads a list of the server by its path, with the filters of a page.
export function loadOf<T>(path: string): (query: Record<string, string>) => Load<T> {
  return (query) => (cursor, size, signal) => {
    const params = { query: given({ ...query, cursor, per_page: size }) as never }
    return page(api.GET(path as "/v1/executions", { params, signal })) as unknown as ReturnType<Load<T>>
  }
}
