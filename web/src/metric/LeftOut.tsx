import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { t } from "../text"
import { Icon } from "../ui/Icon"
import { leftOutQuery } from "./api"

interface Props {
  metric: string
  from: string
  to: string
  show: () => void
}

// most that the server counts.
const most = 10_000

// LeftOut is how many records count in the whole and for nobody, with the way to where they are linked.
export function LeftOut({ metric, from, to, show }: Props) {
  const left = useQuery(leftOutQuery(metric, { from, to }))
  const n = left.data?.records ?? 0
  if (n === 0) return null
  return (
    <p className="left-out">
      <Icon name="ident" className="c-warn" />
      <span>
        {n > most
          ? t("More than {n, plural, other {# records}} count for nobody: their external identities are not linked.", { n: most })
          : t(
              "{n, plural, one {# record counts} other {# records count}} for nobody: {m, plural, one {an external identity is} other {# external identities are}} not linked.",
              { n, m: left.data?.identities ?? 0 },
            )}{" "}
        <button type="button" className="row-link" onClick={show}>
          {t("Show the records")}
        </button>{" "}
        <Link className="row-link" to="/identities" search={{ kind: "agent" } as never}>
          {t("Link identities")}
        </Link>
      </span>
    </p>
  )
}
