import { QueryClientProvider } from "@tanstack/react-query"
import { RouterProvider } from "@tanstack/react-router"
import { StrictMode } from "react"
import { I18nProvider } from "react-aria-components"
import { createRoot } from "react-dom/client"
import { newQueryClient } from "../api/query"
import { locale } from "../text"
import { newRouter } from "./router"

// show puts the app on the page.
export function show() {
  const queries = newQueryClient(() => {
    queries.removeQueries({ queryKey: ["session"] })
    router.navigate({ to: "/sign-in", search: { next: router.state.location.href } as never })
  })
  const router = newRouter(queries)
  const root = document.getElementById("root")
  if (!root) throw new Error("index.html has no element with id root")
  createRoot(root).render(
    <StrictMode>
      <I18nProvider locale={locale()}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </I18nProvider>
    </StrictMode>,
  )
}
