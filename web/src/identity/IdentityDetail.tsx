import { useQuery } from "@tanstack/react-query"
import { type ReactNode, useEffect, useRef, useState } from "react"
import { entitiesQuery } from "../entity/api"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Skeleton } from "../ui/Feedback"
import { Icon } from "../ui/Icon"
import { keyOf } from "../ui/keys"
import { plainKey } from "../ui/plainKey"
import { Status } from "../ui/Status"
import { word } from "../ui/words"
import { whyOf } from "../why/addresses"
import { To } from "../why/To"
import { type Change, type Identity, suggestionsQuery } from "./api"
import { kindIcon } from "./kinds"
import { LinkHistory } from "./LinkHistory"
import { FirstSeen, Latest, Moves } from "./Moves"
import { type Choice, chosenOf, Suggestions } from "./Suggestions"

interface Props {
  identity: Identity
  busy: boolean
  place: ReactNode // where it stands in the list
  act: (change: Change, said: string, failed: string) => void
  undo: (() => void) | undefined // of what was done last
}

// IdentityDetail is one identity: what is known of it, who it could be, what linking would move, and what people did with it.
export function IdentityDetail({ identity: x, busy, place, act, undo }: Props) {
  const name = x.external_name || x.external_id
  const open = !x.entity && !x.ignored
  const suggested = useQuery({ ...suggestionsQuery(x.id), enabled: open })
  const [choice, choose] = useState<Choice>()
  const [teamId, setTeam] = useState<string>()
  const teams = useQuery({ ...entitiesQuery("teams", { per_page: 100, sort: "name" }), enabled: open && x.kind === "agent" })
  const suggestions = suggested.data?.suggestions ?? []
  const chosen = chosenOf(choice, suggestions)
  const target = typeof chosen === "object" ? chosen : undefined
  const team = teamId ?? suggested.data?.team?.id ?? ""

  const link = () =>
    target && act({ id: x.id, do: "link", entity_id: target.id }, t("{name} is linked to {to}", { name, to: target.name }), t("Not linked"))
  const create = () =>
    act(
      { id: x.id, do: "create", name, ...(team && x.kind === "agent" && { team_id: team }) },
      t("{name} is created and linked", { name }),
      t("Not created"),
    )
  const ignore = () => act({ id: x.id, do: "ignore" }, t("{name} is ignored", { name }), t("Not ignored"))
  const enter = () => (chosen === "fresh" ? create() : link())

  const latest = useRef({ enter, create, ignore, undo, open, busy })
  latest.current = { enter, create, ignore, undo, open, busy }
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      if (!plainKey(e)) return
      const now = latest.current
      if (now.busy) return
      const does = keyOf("identities", e)
      if (does === "undo" && now.undo) now.undo()
      else if (!now.open) return
      else if (does === "create") now.create()
      else if (does === "ignore") now.ignore()
      // A button or link with the focus keeps its Enter.
      else if (does === "link" && !(e.target instanceof Element && e.target.closest("button, a"))) now.enter()
      else return
      e.preventDefault()
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [])

  return (
    <div className="triage">
      <section className="ident" aria-label={name}>
        <div className="who">
          <span className="tile tile-lg">
            <Icon name={kindIcon[x.kind] ?? "ident"} />
          </span>
          <div className="grow">
            <h2 className="lead-t trunc">{name}</h2>
            <p className="t2">
              {t("{kind} at {provider}", { kind: word(x.kind), provider: x.provider_name ?? x.provider_id })}{" "}
              <To className="why-link" address={whyOf("identities", x.id)} label={t("Why {field}", { field: name })}>
                {t("why")}
              </To>
            </p>
          </div>
          {x.entity ? <Status is="linked" /> : x.ignored ? <Status is="ignored" /> : null}
          {place}
        </div>
        <dl className="kv">
          <dt>{t("External id")}</dt>
          <dd>
            <code className="wrap">{x.external_id}</code>
          </dd>
          {x.email && (
            <>
              <dt>{t("E-mail")}</dt>
              <dd className="wrap">{x.email}</dd>
            </>
          )}
          <dt>{t("First seen")}</dt>
          <dd className="r r-wrap">
            <FirstSeen identity={x} />
          </dd>
          {x.team_external_id && (
            <>
              <dt>{t("Team there")}</dt>
              <dd>
                <code className="wrap">{x.team_external_id}</code>
              </dd>
            </>
          )}
          {x.project_external_id && (
            <>
              <dt>{t("Project there")}</dt>
              <dd>
                <code className="wrap">{x.project_external_id}</code>
              </dd>
            </>
          )}
          {x.entity && (
            <>
              <dt>{t("Linked to")}</dt>
              <dd>{x.entity.name}</dd>
            </>
          )}
        </dl>
        {open &&
          (suggested.isPending ? <Skeleton rows={2} /> : <Suggestions identity={x} suggestions={suggestions} choice={choice} onChoose={choose} />)}
        {open && x.kind === "agent" && (teams.data?.rows.length ?? 0) > 0 && (
          <label className="field team-pick">
            <span className="lab">{t("Team of a new agent")}</span>
            <span className="pick">
              <select className="input" value={team} onChange={(e) => setTeam(e.target.value)}>
                <option value="">{t("No team")}</option>
                {(teams.data?.rows ?? []).map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </select>
              <Icon name="down" />
            </span>
          </label>
        )}
        <Latest identity={x} />
        <LinkHistory id={x.id} />
        <div className="r acts">
          {open && (
            <>
              <Button needs="identities:link" look={target ? "primary" : "plain"} icon="link" disabled={!target} busy={busy} keys="↵" onClick={link}>
                {target ? t("Link to {name}", { name: target.name }) : t("Link")}
              </Button>
              <Button needs="identities:link" look={target ? "plain" : "primary"} icon="useradd" disabled={busy} keys="N" onClick={create}>
                {t("Create “{name}” and link", { name })}
              </Button>
              <Button needs="identities:link" disabled={busy} keys="I" onClick={ignore}>
                {t("Ignore")}
              </Button>
            </>
          )}
          {x.entity && (
            <Button
              needs="identities:link"
              icon="undo"
              busy={busy}
              onClick={() => act({ id: x.id, do: "unlink" }, t("{name} is no longer linked", { name }), t("Still linked"))}
            >
              {t("Unlink")}
            </Button>
          )}
          {x.ignored && (
            <Button
              needs="identities:link"
              icon="undo"
              busy={busy}
              onClick={() => act({ id: x.id, do: "unignore" }, t("{name} is back on the unlinked list", { name }), t("Still ignored"))}
            >
              {t("No longer ignore")}
            </Button>
          )}
          {undo && (
            <Button
              needs="identities:link"
              look="ghost"
              icon="undo"
              className="push"
              keys="U"
              disabled={busy}
              onClick={undo}
              title={t("Undo what was done last")}
            >
              {t("Undo")}
            </Button>
          )}
        </div>
      </section>
      <aside className="triage-r">
        <Moves identity={x} to={chosen} />
      </aside>
    </div>
  )
}
