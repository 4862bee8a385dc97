import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { identityQuery } from "../identity/api"
import { t } from "../text"
import { Icon } from "../ui/Icon"

interface Props {
  kind: string // agent, team, …
  id: string // of the external identity
  externalId: string
  externalName: string
  to: { id: string; name: string } | null // what it is linked to now
}

// Whose is an external identity, and what it is linked to now.
export function Whose({ kind, id, externalId, externalName, to }: Props) {
  return (
    <span className="r r-1 r-wrap">
      {to ? (
        <Link className="row-link medium" to={`/${kind}s/${to.id}`}>
          {to.name}
        </Link>
      ) : (
        <span>{externalName || externalId}</span>
      )}
      <Link className="row-link t2" to="/identities" search={{ view: "all", id } as never}>
        <code>{externalId}</code>
      </Link>
      {!to && (
        <Link className="unlinked" to="/identities" search={{ search: externalId, kind } as never}>
          <Icon name="link" size={12} />
          {t("not linked")}
        </Link>
      )}
    </span>
  )
}

// IdentityById is Whose of an id alone, as the journal has it. One that is not there any more is its id.
export function IdentityById({ id, kind, bare }: { id: string; kind: string; bare?: boolean | undefined }) {
  const { data: x } = useQuery({ ...identityQuery(id), staleTime: 60_000 })
  if (!x) return <code className="wrap">{id}</code>
  if (bare) return <>{x.entity?.name ?? (x.external_name || x.external_id)}</>
  return <Whose kind={kind} id={id} externalId={x.external_id} externalName={x.external_name} to={x.entity} />
}
