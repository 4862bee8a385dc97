import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { DeclaredForm } from "../ui/DeclaredForm"
import { Dialog } from "../ui/Dialog"
import { Failure, FormError, Skeleton } from "../ui/Feedback"
import { Icon } from "../ui/Icon"
import { type Provider, type ProviderType, providerTypesQuery, useProviderActions } from "./api"
import { KeyOnce } from "./KeyOnce"
import { ProviderTile } from "./ProviderType"

interface Props {
  step: string // "type", or the name of the type that was chosen
  onStep: (step: string) => void
  onClose: () => void
  onDone: (p: Provider) => void
}

// NewProvider asks for the type first, then for what that type declares, and shows the key, this once.
export function NewProvider({ step, onStep, onClose, onDone }: Props) {
  const types = useQuery(providerTypesQuery)
  const type = types.data?.find((x) => x.name === step)
  if (type) return <OfType type={type} onBack={() => onStep("type")} onClose={onClose} onDone={onDone} />
  return (
    <Dialog
      title={t("New provider")}
      open
      wide
      onClose={onClose}
      footer={
        <Button look="ghost" onClick={onClose}>
          {t("Cancel")}
        </Button>
      }
    >
      <p className="t2">{t("Which system do the deals, calls or orders come from?")}</p>
      {types.isPending ? (
        <Skeleton rows={2} />
      ) : types.isError ? (
        <Failure error={types.error} retry={() => types.refetch()} />
      ) : (
        <ul className="type-cards" aria-label={t("Types")}>
          {types.data.map((x, i) => (
            <li key={x.name}>
              <button type="button" className="type-card" autoFocus={i === 0} onClick={() => onStep(x.name)}>
                <ProviderTile type={x.name} />
                <span className="grow">
                  <span className="medium">{x.title}</span>
                  <span className="t2">{x.help}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}

function OfType({ type, onBack, onClose, onDone }: { type: ProviderType; onBack: () => void; onClose: () => void; onDone: (p: Provider) => void }) {
  const [values, setValues] = useState<Record<string, string>>({})
  const { create, test } = useProviderActions()
  const made = create.data
  if (made) return <KeyOnce title={t("The key of {name}", { name: made.name })} apiKey={made.api_key ?? ""} open onClose={() => onDone(made)} />
  const { name = "", ...settings } = values
  return (
    <Dialog
      title={t("New provider: {type}", { type: type.title })}
      open
      onClose={onClose}
      footer={
        <>
          <Button look="ghost" icon="left" onClick={onBack}>
            {t("Other type")}
          </Button>
          <span className="push" />
          <Button icon="plug" busy={test.isPending} onClick={() => test.mutate({ type: type.name, settings })}>
            {t("Test connection")}
          </Button>
          <Button look="primary" type="submit" form="new-provider" busy={create.isPending}>
            {t("Create provider")}
          </Button>
        </>
      }
    >
      <form
        id="new-provider"
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          create.mutate({ type: type.name, name: name.trim(), settings })
        }}
      >
        <DeclaredForm fields={type.fields} values={values} onChange={setValues} error={create.error ?? test.error} />
        <Connection test={test} />
        <FormError error={create.error ?? test.error} />
      </form>
    </Dialog>
  )
}

// Connection says what trying it out came to.
export function Connection({ test }: { test: ReturnType<typeof useProviderActions>["test"] }) {
  if (!test.data) return null
  const { state, message } = test.data
  const look = state === "reached" ? "ok" : state === "not_reached" ? "bad" : ""
  return (
    <div className={`banner ${look}`} role="status">
      <Icon name={state === "reached" ? "ok" : state === "not_reached" ? "fail" : "info"} />
      <span>{message}</span>
    </div>
  )
}
