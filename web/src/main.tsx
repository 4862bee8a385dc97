import "./styles/index.css"
import { QueryClientProvider } from "@tanstack/react-query"
import { RouterProvider } from "@tanstack/react-router"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { newQueryClient } from "./api/query"
import { newRouter } from "./app/router"

const queries = newQueryClient(() => {
  queries.removeQueries({ queryKey: ["session"] })
  router.navigate({ to: "/sign-in", search: { next: router.state.location.href } as never })
})
const router = newRouter(queries)

const root = document.getElementById("root")
if (!root) throw new Error("index.html has no element with id root")
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
