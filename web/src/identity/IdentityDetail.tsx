import { useEffect, useRef, useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Combo, type ComboItem } from "../ui/Combo"
import { Icon } from "../ui/Icon"
import { Moment } from "../ui/Moment"
import { plainKey } from "../ui/plainKey"
import { Status } from "../ui/Status"
import { word } from "../ui/words"
import type { Identity } from "./api"
import { kindIcon } from "./IdentityList"

export interface IdentityAct {
  link: (to: { id: string; name: string }) => void
  create: () => void
  unlink: () => void
  ignore: () => void
  unignore: () => void
}

interface Props {
  identity: Identity
  choices: ComboItem[] // what it may be linked to
  busy: boolean
  act: IdentityAct
  canCreate: boolean
}

// suggested is what has the same name; it is offered, never linked by itself.
function suggested(identity: Identity, choices: ComboItem[]): ComboItem | undefined {
  const name = identity.external_name.trim().toLowerCase()
  return choices.find((c) => c.name.trim().toLowerCase() === name)
}

export function IdentityDetail({ identity: x, choices, busy, act, canCreate }: Props) {
  const [text, setText] = useState("")
  const [chosen, setChosen] = useState<string | null>(null)
  const same = suggested(x, choices)
  const target = choices.find((c) => c.id === (chosen ?? (text === "" ? same?.id : undefined)))
  const name = x.external_name || x.external_id
  const open = !x.entity && !x.ignored

  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!open || busy) return
    const listen = (e: KeyboardEvent) => {
      if (!plainKey(e)) return
      const key = e.key.toLowerCase()
      if (key === "n" && canCreate) latest.current.create()
      else if (key === "i") latest.current.ignore()
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [open, busy, canCreate])

  return (
    <section className="ident" aria-label={name}>
      <div className="who">
        <span className="tile tile-lg">
          <Icon name={kindIcon[x.kind] ?? "ident"} />
        </span>
        <div className="grow">
          <h2 className="lead-t trunc">{name}</h2>
          <p className="t2">{t("{kind} at {provider}", { kind: word(x.kind), provider: x.provider_name ?? x.provider_id })}</p>
        </div>
        {x.entity ? <Status is="linked" /> : x.ignored ? <Status is="ignored" /> : <Status is="not linked" />}
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
        <dd>
          <Moment at={x.created_at} as="full" />
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
      {open && (
        <div className="stack">
          <h3>{t("Who is this?")}</h3>
          {same && text === "" && (
            <p className="t2">
              <Icon name="check" size={14} className="inline-i" />{" "}
              {t("{name} has the same name. Suggestions never link by themselves.", { name: same.name })}
            </p>
          )}
          <Combo
            label={t("Link to {kind}", { kind: article(x.kind) })}
            placeholder={choices.length > 0 ? t("Name of {kind}", { kind: article(x.kind) }) : t("There is none yet")}
            items={choices.filter((c) => c.name.toLowerCase().includes(text.trim().toLowerCase()))}
            text={text}
            onText={(typed) => {
              setText(typed)
              if (choices.find((c) => c.id === chosen)?.name !== typed) setChosen(null)
            }}
            chosen={chosen}
            onChoose={(id) => {
              setChosen(id)
              const c = choices.find((c) => c.id === id)
              if (c) setText(c.name)
            }}
          />
          <div className="r acts">
            <Button
              needs="identities:link"
              look={target ? "primary" : "plain"}
              icon="link"
              disabled={!target}
              busy={busy}
              onClick={() => target && act.link(target)}
            >
              {target ? t("Link to {name}", { name: target.name }) : t("Link")}
            </Button>
            {canCreate && (
              <Button needs="identities:link" look={target ? "plain" : "primary"} icon="useradd" disabled={busy} keys="N" onClick={act.create}>
                {t("Create “{name}” and link", { name })}
              </Button>
            )}
            <Button needs="identities:link" look="ghost" disabled={busy} keys="I" onClick={act.ignore}>
              {t("Ignore")}
            </Button>
          </div>
          <p className="hint">{t("Linking also counts the records that are there already. It can be undone.")}</p>
        </div>
      )}
      {x.entity && (
        <div className="r">
          <Button needs="identities:link" icon="undo" busy={busy} onClick={act.unlink}>
            {t("Unlink")}
          </Button>
        </div>
      )}
      {x.ignored && (
        <div className="r">
          <Button needs="identities:link" icon="undo" busy={busy} onClick={act.unignore}>
            {t("No longer ignore")}
          </Button>
        </div>
      )}
    </section>
  )
}

const articles: Record<string, string> = {
  agent: t("an agent"),
  team: t("a team"),
  project: t("a project"),
  segment: t("a segment"),
  proposition: t("a proposition"),
}

const article = (kind: string) => articles[kind] ?? kind
