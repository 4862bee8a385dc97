import type { QueryClient } from "@tanstack/react-query"
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router"
import { Failed } from "../api/client"
import { later } from "../api/files"
import { entityKinds } from "../entity/kinds"
import { kinds } from "../record/kinds"
import { sessionQuery, setupStateQuery } from "../session/api"
import { nextOf } from "../session/next"
import { ToastRegion } from "../ui/Toast"
import { RouteFailure, RouteMissing } from "./RouteFailure"
import { Shell } from "./Shell"

interface Context {
  queries: QueryClient
}

// Search parameters are plain texts; each page reads the ones it knows.
const search = (given: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(given).flatMap(([k, v]) => (v === undefined || v === null || v === "" ? [] : [[k, String(v)]])))

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  errorComponent: RouteFailure,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: search,
  component: lazyRouteComponent(later(() => import("../pages/session/SignInPage"))),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(later(() => import("../pages/session/SetupPage"))),
})

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.ensureQueryData(sessionQuery)
    } catch (e) {
      if (!(e instanceof Failed) || e.status !== 401) throw e
      const state = await context.queries.ensureQueryData(setupStateQuery)
      if (state.setup_needed) throw redirect({ to: "/setup" })
      throw redirect({ to: "/sign-in", search: nextOf(location.href) as never })
    }
  },
})

let isGoing = () => true // whether somebody goes to a page now, and does not only point at a link

const page = (path: string, load: () => Promise<{ default: React.ComponentType }>) =>
  createRoute({ getParentRoute: () => shell, path, validateSearch: search, component: lazyRouteComponent(later(load, () => isGoing())) })

const tree = root.addChildren([
  signIn,
  setup,
  shell.addChildren([
    page("/", () => import("../pages/home/HomePage")),
    page("/providers", () => import("../pages/providers/ProvidersPage")),
    page("/providers/$id", () => import("../pages/providers/ProviderPage")),
    page("/processors", () => import("../pages/processors/ProcessorsPage")),
    page("/processors/$id", () => import("../pages/processors/ProcessorPage")),
    page("/processors/$id/spec", () => import("../pages/processors/SpecPage")),
    page("/processors/$id/compare", () => import("../pages/processors/ComparePage")),
    page("/executions", () => import("../pages/executions/ExecutionsPage")),
    page("/executions/dry", () => import("../pages/executions/DryRunPage")),
    page("/executions/$id", () => import("../pages/executions/TracePage")),
    page("/deliveries", () => import("../pages/deliveries/DeliveriesPage")),
    page("/deliveries/$id", () => import("../pages/deliveries/DeliveryPage")),
    page("/undos/$id", () => import("../pages/undos/UndoPage")),
    page("/source-executions", () => import("../pages/source-executions/SourceExecutionsPage")),
    page("/why", () => import("../pages/why/WhyNotPage")),
    page("/records/$kind/$id/why", () => import("../pages/why/WhyPage")),
    page("/identities/$id/why", () => import("../pages/why/WhyPage")),
    page("/identities", () => import("../pages/identities/IdentitiesPage")),
    page("/hooks", () => import("../pages/webhooks/WebhooksPage")),
    ...entityKinds.map((k) => page(`/${k.path}`, () => import("../pages/entities/EntitiesPage"))),
    ...entityKinds.map((k) => page(`/${k.path}/$id`, () => import("../pages/entities/EntityPage"))),
    ...kinds.map((k) => page(`/${k.path}`, () => import("../pages/records/RecordsPage"))),
    page("/journal", () => import("../pages/journal/JournalPage")),
    page("/records/$kind/$id", () => import("../pages/records/RecordPage")),
    page("/metrics", () => import("../pages/metrics/MetricsPage")),
    page("/metrics/$id", () => import("../pages/metrics/MetricPage")),
    page("/events", () => import("../pages/events/EventsPage")),
    page("/settings/users", () => import("../pages/settings/UsersPage")),
    page("/settings/api-keys", () => import("../pages/settings/ApiKeysPage")),
    page("/account", () => import("../pages/account/AccountPage")),
    page("/settings", () => import("../pages/settings/SettingsPage")),
    createRoute({ getParentRoute: () => shell, path: "$", component: RouteMissing }), // any other address
  ]),
])

export function newRouter(queries: QueryClient) {
  const router = createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    InnerWrap: ToastRegion, // inside, so that a notice may hold a link
  })
  isGoing = () => router.state.isLoading
  return router
}
