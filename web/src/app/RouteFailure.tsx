import { Link } from "@tanstack/react-router"
import { Empty, Failure } from "../ui/Feedback"
import { Page } from "../ui/Page"

export function RouteFailure({ error, reset }: { error: unknown; reset: () => void }) {
  return <Failure error={error} retry={reset} title="This page could not be shown" />
}

export function RouteMissing() {
  return (
    <Page title="Not found">
      <Empty
        icon="search"
        title="No page has this address"
        action={
          <Link className="btn" to="/">
            To the executions
          </Link>
        }
      >
        It may have been moved, or the link was cut off.
      </Empty>
    </Page>
  )
}
