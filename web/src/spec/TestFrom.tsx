import { useMutation, useQuery } from "@tanstack/react-query"
import { type FormEvent, useContext, useId, useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { FormError } from "../ui/Feedback"
import { SelectField, TextField } from "../ui/Field"
import { moment } from "../ui/format"
import { Zone } from "../ui/Moment"
import { dryRunAsTest, executionAsTest, traceSchemaQuery } from "./api"
import { useSpec, useStore } from "./context"
import type { TestDef } from "./document"

// TestFrom makes a test of an entry of the Trace Schema: of what the spec does with it as it stands, or of what ran then.
export function TestFrom({ processor, onClose, onMade }: { processor: string; onClose: () => void; onMade: (test: TestDef) => void }) {
  const store = useStore()
  const form = useId()
  const zone = useContext(Zone)
  const chosen = useSpec((s) => s.entry?.delivery)
  const tests = useSpec((s) => s.spec.tests)
  const rows = useQuery(traceSchemaQuery(processor, "")).data?.rows ?? []
  const [picked, setPicked] = useState("")
  const [then, setThen] = useState(false)
  const [name, setName] = useState("")
  const row = rows.find((r) => r.delivery_id === (picked || chosen)) ?? rows[0]
  const execution = row && row.status !== "waiting" && row.status !== "running" ? row.execution_id : null
  const ofThen = then && execution !== null
  const taken = (tests ?? []).some((x) => x.name === name.trim())
  const make = useMutation({
    mutationFn: async () => {
      if (!row) throw new Error("there is no entry")
      const made =
        ofThen && execution
          ? await executionAsTest(execution, name.trim())
          : await dryRunAsTest(processor, store.get().spec, row.delivery_id, name.trim())
      return made.tree as unknown as TestDef
    },
    onSuccess: (test) => {
      onMade(test)
      onClose()
    },
  })
  const submit = (e: FormEvent) => {
    e.preventDefault()
    if (row && name.trim() && !taken) make.mutate()
  }
  return (
    <Dialog
      title={t("A test from the Trace Schema")}
      open
      onClose={onClose}
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            {t("Cancel")}
          </Button>
          <Button look="primary" type="submit" form={form} busy={make.isPending} disabled={!name.trim() || taken || !row}>
            {t("Add test")}
          </Button>
        </>
      }
    >
      <form id={form} className="stack" onSubmit={submit}>
        <p className="t2">{t("What comes in, what is there before and what is written become the test.")}</p>
        <SelectField
          label={t("Entry")}
          value={row?.delivery_id ?? ""}
          onChange={setPicked}
          options={rows.map((r) => ({ value: r.delivery_id, label: `${r.label || r.delivery_id} · ${moment(r.received_at, zone)}` }))}
        />
        <SelectField
          label={t("It expects")}
          value={ofThen ? "then" : "now"}
          onChange={(v) => setThen(v === "then")}
          options={[
            { value: "now", label: t("what the spec does with it as it stands now") },
            ...(execution ? [{ value: "then", label: t("what was written when it ran") }] : []),
          ]}
        />
        <TextField
          label={t("Name")}
          value={name}
          onChange={setName}
          required
          autoFocus
          autoComplete="off"
          error={taken ? t("This name is taken.") : undefined}
        />
        <FormError error={make.error} />
      </form>
    </Dialog>
  )
}
