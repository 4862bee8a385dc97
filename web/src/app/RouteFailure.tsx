import { Link } from "@tanstack/react-router"
import { Missing } from "../api/files"
import { t } from "../text"
import { Empty, Failure } from "../ui/Feedback"
import { Page } from "../ui/Page"

export function RouteFailure({ error, reset }: { error: unknown; reset: () => void }) {
  return <Failure error={error} retry={error instanceof Missing ? () => location.reload() : reset} title={t("This page could not be shown")} />
}

export function RouteMissing() {
  return (
    <Page title={t("Not found")}>
      <Empty
        icon="search"
        title={t("No page has this address")}
        action={
          <Link className="btn" to="/">
            {t("To the executions")}
          </Link>
        }
      >
        {t("It may have been moved, or the link was cut off.")}
      </Empty>
    </Page>
  )
}
