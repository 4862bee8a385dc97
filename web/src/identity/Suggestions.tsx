import { useQuery } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { entitiesQuery } from "../entity/api"
import { entityKinds } from "../entity/kinds"
import { t } from "../text"
import { Combo } from "../ui/Combo"
import { initials } from "../ui/format"
import { Icon } from "../ui/Icon"
import type { Identity, Reason, Suggestion } from "./api"
import { aNew, article } from "./kinds"

// Choice is who an identity is linked to when Enter is pressed; fresh: one that is made.
export type Choice = { id: string; name: string } | "fresh" | undefined

export function chosenOf(choice: Choice, suggestions: Suggestion[]): Choice {
  const best = suggestions[0]
  return choice ?? (best && best.strength !== "weak" ? best.entity : undefined)
}

const strengths: Record<Suggestion["strength"], string> = { sure: t("sure"), likely: t("likely"), weak: t("weak") }

function why(r: Reason): ReactNode {
  switch (r.code) {
    case "same_email":
      return t("same e-mail at {provider}: {value}", { provider: r.provider ?? "", value: r.value })
    case "same_name":
      return r.provider ? t("same name at {provider}", { provider: r.provider }) : t("same name")
    case "similar_name":
      return r.provider
        ? t("similar name at {provider}: {value}, {n} %", { provider: r.provider, value: r.value, n: r.likeness ?? 0 })
        : t("similar name, {n} %", { n: r.likeness ?? 0 })
    case "same_external_id":
      return t("same external id at {provider}", { provider: r.provider ?? "" })
    case "same_team":
      return t("same team: {value}", { value: r.value })
    case "identity_there":
      return t("already has an identity at {provider}: {value}", { provider: r.provider ?? "", value: r.value })
  }
}

interface Props {
  identity: Identity
  suggestions: Suggestion[]
  choice: Choice
  onChoose: (c: Choice) => void
}

// Suggestions is who it could be, with what speaks for each; the one that is chosen is linked by the button below, never by itself.
export function Suggestions({ identity: x, suggestions, choice, onChoose }: Props) {
  const [text, setText] = useState("")
  const kind = entityKinds.find((k) => k.id === x.kind)
  const found = useQuery({
    ...entitiesQuery(kind?.path ?? "agents", { per_page: 20, sort: "name", ...(text.trim() && { search: text.trim() }) }),
    enabled: kind !== undefined,
  })
  const items = (found.data?.rows ?? []).map((e) => ({ id: e.id, name: e.name, ...(e.team && { note: e.team.name }) }))
  const name = x.external_name || x.external_id
  const chosen = chosenOf(choice, suggestions)
  const is = (id: string) => typeof chosen === "object" && chosen.id === id
  return (
    <div className="stack">
      <div className="r">
        <h3>{t("Who is this?")}</h3>
        <span className="push t3 fs-12">{t("Suggestions never link by themselves.")}</span>
      </div>
      <fieldset className="sugs">
        <legend className="vh">{t("Who is this?")}</legend>
        {suggestions.map((s) => (
          <label className={`sug ${is(s.entity.id) ? "on" : ""}`} key={s.entity.id}>
            <input type="radio" name="who" checked={is(s.entity.id)} onChange={() => onChoose(s.entity)} />
            <span className="ava ava-lg" aria-hidden="true">
              {initials(s.entity.name)}
            </span>
            <span className="sug-who">
              <span>
                <b className="medium">{s.entity.name}</b> {s.team && <span className="t2">{s.team.name}</span>}{" "}
                {!s.active && <span className="tag">{t("inactive")}</span>}
              </span>
              <span className="sug-why">
                {s.reasons.map((r) => (
                  <span key={r.code} className={r.code === "identity_there" ? "t3" : "t2"}>
                    <Icon
                      name={r.code === "identity_there" ? "x" : "check"}
                      size={12}
                      className={r.code === "identity_there" ? "inline-i" : "inline-i c-ok"}
                    />{" "}
                    {why(r)}
                  </span>
                ))}
              </span>
            </span>
            <span className={`tag ${s.strength === "sure" ? "accent" : ""}`}>
              {s.strength === "sure" && <Icon name="check" />}
              {strengths[s.strength]}
            </span>
          </label>
        ))}
        <label className={`sug ${chosen === "fresh" ? "on" : ""}`}>
          <input type="radio" name="who" checked={chosen === "fresh"} onChange={() => onChoose("fresh")} />
          <span className="ava ava-lg" aria-hidden="true">
            <Icon name="useradd" />
          </span>
          <span className="sug-who medium">
            {aNew(x.kind)}, “{name}”
          </span>
        </label>
      </fieldset>
      <Combo
        label={t("Link to {kind}", { kind: article(x.kind) })}
        placeholder={t("Somebody or something else: type a name")}
        items={items}
        text={text}
        onText={(typed) => {
          setText(typed)
          if (typeof choice === "object" && choice.name !== typed) onChoose(undefined)
        }}
        chosen={typeof choice === "object" ? choice.id : null}
        onChoose={(id) => {
          const one = items.find((c) => c.id === id)
          if (!one) return
          onChoose({ id: one.id, name: one.name })
          setText(one.name)
        }}
      />
    </div>
  )
}
