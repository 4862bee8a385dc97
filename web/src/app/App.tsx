import { QueryClientProvider } from "@tanstack/react-query"
import { RouterProvider } from "@tanstack/react-router"
import { StrictMode } from "react"
import { I18nProvider } from "react-aria-components"
import { createRoot } from "react-dom/client"
import { onSignedOut } from "../api/client"
import { forgetAnswers, newQueryClient } from "../api/query"
import { nextOf, outside } from "../session/next"
import { locale } from "../text"
import { newRouter } from "./router"

// show puts the app on the page.
export function show() {
  const queries = newQueryClient()
  const router = newRouter(queries)
  let leaving = false // many calls hear at once that the session has ended
  onSignedOut(async () => {
    const { href, pathname } = router.latestLocation
    if (leaving || outside(pathname)) return
    leaving = true
    try {
      await router.navigate({ to: "/sign-in", search: nextOf(href) as never })
    } finally {
      forgetAnswers(queries)
      leaving = false
    }
  })
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
