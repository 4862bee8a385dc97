import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useContext, useEffect, useRef, useState } from "react"
import { Dialog as AriaDialog, Modal, ModalOverlay } from "react-aria-components"
import { kinds } from "../record/kinds"
import { t } from "../text"
import { Icon } from "../ui/Icon"
import type { IconName } from "../ui/icons"
import { keyOf } from "../ui/keys"
import { Permissions } from "../ui/may"
import { useToast } from "../ui/Toast"
import { word } from "../ui/words"
import { nounOf, whyNot } from "../why/addresses"
import { absentKinds } from "../why/api"
import { commands } from "./commands"
import { findQuery, viewOf } from "./find"
import { match } from "./match"
import type { NavItem } from "./nav"
import { type Found, placeOf } from "./places"

interface Entry {
  id: string
  group: string
  label: string
  note?: string
  icon: IconName
  run: () => void
}

// How long typing has to pause before the server is asked, in milliseconds.
const pause = 150

function usePaused(text: string): string {
  const [paused, setPaused] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), pause)
    return () => clearTimeout(timer)
  }, [text])
  return paused
}

// kindOf is what an id that was found belongs to; whoever looks in vain mostly misses a sale.
function kindOf(found: Found[] | undefined): string {
  const known = found?.map((x) => nounOf(x.noun).kind).find((k) => (absentKinds as readonly string[]).includes(k))
  return known ?? "sale"
}

// byContact tells whether a record was found by its contact key: it has no name, and neither of its ids is what was looked for.
function byContact(found: Found, text: string): boolean {
  const small = text.toLowerCase()
  return kinds.some((k) => k.id === found.noun) && found.id !== text && found.external_id?.toLowerCase() !== small
}

interface Props {
  items: NavItem[]
  onClose: () => void
  onKeys: () => void
  onLeave: () => void
}

// Palette goes to a page, to a thing by its name or by any id of it, and does what there are commands for.
export default function Palette({ items, onClose, onKeys, onLeave }: Props) {
  const [text, setText] = useState("")
  const [at, setAt] = useState(0)
  const navigate = useNavigate()
  const toast = useToast()
  const permissions = useContext(Permissions)
  const list = useRef<HTMLDivElement>(null)
  const wanted = usePaused(text.trim())
  const found = useQuery({ ...findQuery(wanted), enabled: wanted !== "", placeholderData: keepPreviousData })

  const go = (to: string, search: Record<string, string> = {}) => navigate({ to, search: search as never })
  const open = async (x: Found) => {
    const place = placeOf(x)
    if (!place) return
    try {
      const view = x.noun.endsWith("_identity") ? await viewOf(x.id) : {}
      go(place.to, { ...place.search, ...view })
    } catch (e) {
      toast.fail(t("It could not be opened"), e)
    }
  }
  const waiting = text.trim() !== "" && (found.isFetching || wanted !== text.trim())
  const things: Entry[] = (text.trim() === "" ? [] : (found.data ?? [])).flatMap((x) => {
    const place = placeOf(x)
    const note = [
      word(x.noun.replace(/_identity$/, "")),
      x.noun.endsWith("_identity") && t("external identity"),
      !waiting && byContact(x, wanted) && t("contact {key}", { key: wanted }),
      x.provider_name,
    ]
    const label = x.name || x.external_id || x.id
    return place
      ? [{ id: x.id, group: t("Things"), label, note: note.filter((n) => n && n !== label).join(" · "), icon: place.icon, run: () => void open(x) }]
      : []
  })
  const pages: Entry[] = match(items, text).map((i) => ({ id: i.to, group: t("Pages"), label: i.label, icon: i.icon, run: () => void go(i.to) }))
  const done: Entry[] = match(
    commands({ go, keys: onKeys, leave: onLeave }).filter((c) => !c.needs || permissions.has(c.needs)),
    text,
  ).map((c) => ({ ...c, group: t("Commands") }))
  const small = text.trim().toLowerCase()
  // An id in other letters is another id; a name is not.
  const there =
    found.data?.some((x) => [x.id, x.external_id].includes(text.trim()) || x.name?.toLowerCase() === small || byContact(x, wanted)) ?? false
  const missing = whyNot(kindOf(found.data), text.trim())
  const asks: Entry[] =
    text.trim() === "" || waiting || there
      ? []
      : [
          {
            id: "why",
            group: t("Commands"),
            label: t("Why is {id} not there?", { id: text.trim() }),
            icon: "info",
            run: () => void go(missing.to, missing.search),
          },
        ]
  // Whoever pastes an id wants that thing; whoever types a word mostly wants a page.
  const entries = /\d/.test(text) ? [...things, ...pages, ...done, ...asks] : [...pages, ...things, ...done, ...asks]
  const current = Math.min(at, entries.length - 1)

  useEffect(() => {
    list.current?.querySelector(`#palette-${current}`)?.scrollIntoView({ block: "nearest" })
  }, [current])

  const act = (entry: Entry | undefined) => {
    if (!entry) return
    onClose()
    entry.run()
  }
  // Enter before the answer is there acts on it when it comes, unless something else was typed or chosen by then.
  const [pressed, press] = useState(false)
  useEffect(() => {
    if (!pressed || waiting) return
    press(false)
    if (!found.isError) act(entries[current])
  })

  return (
    <ModalOverlay className="scrim scrim-top" isOpen isDismissable onOpenChange={(is) => !is && onClose()}>
      <Modal className="palette">
        <AriaDialog aria-label={t("Search and commands")}>
          <div className="palette-in">
            <Icon name="search" className="t3" />
            <input
              autoFocus
              role="combobox"
              aria-expanded="true"
              aria-controls="palette-list"
              aria-activedescendant={entries[current] ? `palette-${current}` : undefined}
              aria-label={t("Page, name or any id")}
              placeholder={t("Page, name or any id")}
              value={text}
              onChange={(e) => {
                setText(e.target.value)
                setAt(0)
                press(false)
              }}
              onKeyDown={(e) => {
                const does = keyOf("choose", e)
                const step = does === "next" ? 1 : does === "back" ? -1 : 0
                if (step !== 0 && entries.length > 0) {
                  e.preventDefault()
                  setAt((current + step + entries.length) % entries.length)
                  press(false)
                } else if (does === "take") {
                  e.preventDefault()
                  // What is there already may be chosen; an answer that is due may still put a thing on top of it.
                  if (!waiting || (!/\d/.test(text) && current < entries.length && entries[current]?.group !== t("Things"))) act(entries[current])
                  else press(true)
                }
              }}
            />
            {waiting && <Icon name="run" className="spin t3" />}
            <kbd className="kbd">esc</kbd>
          </div>
          <div className="menu-flat" id="palette-list" role="listbox" aria-label={t("Results")} tabIndex={-1} ref={list}>
            {entries.map((entry, i) => (
              <div
                key={`${entry.group} ${entry.id}`}
                id={`palette-${i}`}
                role="option"
                tabIndex={-1}
                aria-selected={i === current}
                className={`${i === current ? "is-hover" : ""} ${entries[i - 1]?.group !== entry.group ? "is-first" : ""}`}
                data-group={entries[i - 1]?.group === entry.group ? undefined : entry.group}
                onClick={() => act(entry)}
                onMouseMove={() => setAt(i)}
              >
                <Icon name={entry.icon} />
                <span className="trunc">{entry.label}</span>
                {entry.note && <span className="t3 push trunc">{entry.note}</span>}
              </div>
            ))}
          </div>
          {found.isError && (
            <p className="palette-none c-bad" role="alert">
              {found.error.message}
            </p>
          )}
          {entries.length === 0 && !waiting && !found.isError && (
            <p className="palette-none t2">{t("Nothing is called that. An external id is found when it is pasted whole.")}</p>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
