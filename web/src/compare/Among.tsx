import { useQuery } from "@tanstack/react-query"
import { linksOfProcessor } from "../link/api"
import { t } from "../text"
import { Button } from "../ui/Button"
import { number } from "../ui/format"
import { FilterPick, type Filters } from "../ui/list"
import type { Ask } from "./api"
import { ToldApart } from "./ToldApart"

export const counts = [100, 500, 1000, 5000, 10000] as const
const usual = 500

// askOf reads from the URL over which deliveries it runs.
export function askOf(f: Filters): Ask {
  const n = Number(f.n)
  const day = (text: string | undefined, plus: number) => {
    const at = text && /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00`) : undefined
    if (!at || Number.isNaN(at.getTime())) return undefined
    at.setDate(at.getDate() + plus)
    return at.toISOString()
  }
  return {
    deliveries: Number.isInteger(n) && n >= 1 && n <= 100_000 ? n : usual,
    source_id: f.source,
    received_from: day(f.from, 0),
    received_until: day(f.to, 1),
    failing: f.failing === "1" || undefined,
    identified_by: f.identified_by || undefined,
  }
}

interface Props {
  processor: string
  filters: Filters
  set: (change: Filters) => void
  found: string | null | undefined // the path by which the last run told records of the source apart
}

// Among is which deliveries it runs over, kept in the URL.
export function Among({ processor, filters, set, found }: Props) {
  const links = useQuery(linksOfProcessor(processor))
  const ask = askOf(filters)
  return (
    <>
      <span className="t2 from-sm">{t("over")}</span>
      <FilterPick
        label={t("last")}
        value={String(ask.deliveries)}
        options={[...new Set([...counts, ask.deliveries])]
          .sort((a, b) => a - b)
          .map((n) => ({ value: String(n), label: t("{n} deliveries", { n: number(n) }) }))}
        onChange={(v) => set({ n: v || undefined })}
      />
      {(links.data?.length ?? 0) > 1 && (
        <FilterPick
          label={t("source")}
          value={filters.source ?? ""}
          options={(links.data ?? []).map((l) => ({ value: l.source_id, label: l.source_name }))}
          onChange={(v) => set({ source: v || undefined })}
        />
      )}
      <label className={`chip datechip ${filters.from ? "on" : ""}`}>
        <span className="k">{t("from")}</span>
        <input type="date" value={filters.from ?? ""} max={filters.to} onChange={(e) => set({ from: e.target.value || undefined })} />
      </label>
      <label className={`chip datechip ${filters.to ? "on" : ""}`}>
        <span className="k">{t("to")}</span>
        <input type="date" value={filters.to ?? ""} min={filters.from} onChange={(e) => set({ to: e.target.value || undefined })} />
      </label>
      <Button
        size="xs"
        icon="filter"
        aria-pressed={filters.failing === "1"}
        className={filters.failing === "1" ? "is-on" : ""}
        onClick={() => set({ failing: filters.failing === "1" ? undefined : "1" })}
      >
        {t("Only failing")}
      </Button>
      <ToldApart given={filters.identified_by ?? ""} found={found ?? ""} set={(by) => set({ identified_by: by || undefined })} />
    </>
  )
}
