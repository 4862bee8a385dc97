// The icon set: 16 px grid, 1.5 px stroke, round ends. Calm states are outlines, states that want a look are filled.
import type { ReactNode } from "react"

export const icons = {
  grip: (
    <g fill="currentColor" stroke="none">
      <circle cx="6" cy="4" r="1" />
      <circle cx="10" cy="4" r="1" />
      <circle cx="6" cy="8" r="1" />
      <circle cx="10" cy="8" r="1" />
      <circle cx="6" cy="12" r="1" />
      <circle cx="10" cy="12" r="1" />
    </g>
  ),
  redo: <path d="M10.4 3.4l2.7 2.7-2.7 2.7M12.9 6.1H6.5a3.3 3.3 0 0 0 0 6.6h3.1" />,
  compare: <path d="M5.6 2.9 3 5.5l2.6 2.6M3.2 5.5h7.3M10.4 7.9l2.6 2.6-2.6 2.6M12.8 10.5H5.5" />,
  bolt: <path d="M8.9 1.9 3.6 9h3.7l-.7 5.1L12 7H8.2z" />,
  menu: (
    <>
      <path d="M3 4.4h10M3 8h10M3 11.6h10" />
    </>
  ),
  check: (
    <>
      <path d="M3.4 8.5 6.5 11.5 12.6 4.8" />
    </>
  ),
  plus: (
    <>
      <path d="M8 3.4v9.2M3.4 8h9.2" />
    </>
  ),
  dots: (
    <>
      <circle cx="3.5" cy="8" r="1.1" fill="currentColor" stroke="none" />
      <circle cx="8" cy="8" r="1.1" fill="currentColor" stroke="none" />
      <circle cx="12.5" cy="8" r="1.1" fill="currentColor" stroke="none" />
    </>
  ),
  up: (
    <>
      <path d="M4.6 9.6 8 6.2l3.4 3.4" />
    </>
  ),
  down: (
    <>
      <path d="M4.6 6.4 8 9.8l3.4-3.4" />
    </>
  ),
  fail: (
    <>
      <path d="M5.6 1.7h4.8l3.9 3.9v4.8l-3.9 3.9H5.6l-3.9-3.9V5.6z" fill="currentColor" stroke="none" />
      <path d="M8 4.9v3.6" className="knock-line" />
      <circle cx="8" cy="11" r="0.95" stroke="none" className="knock-dot" />
    </>
  ),
  lock: (
    <>
      <rect x="3.6" y="7" width="8.8" height="6.3" rx="1.3" />
      <path d="M5.6 7V5.1a2.4 2.4 0 0 1 4.8 0V7" />
    </>
  ),
  x: (
    <>
      <path d="M4.2 4.2l7.6 7.6M11.8 4.2l-7.6 7.6" />
    </>
  ),
  ok: (
    <>
      <circle cx="8" cy="8" r="5.9" />
      <path d="M5.4 8.3 7.2 10.1l3.5-4.1" />
    </>
  ),
  partial: (
    <>
      <circle cx="8" cy="8" r="5.9" />
      <path d="M8 2.1a5.9 5.9 0 0 1 0 11.8z" fill="currentColor" stroke="none" />
    </>
  ),
  skip: (
    <>
      <circle cx="8" cy="8" r="5.9" />
      <path d="M5.5 8h5" />
    </>
  ),
  wait: (
    <>
      <circle cx="8" cy="8" r="5.9" strokeDasharray="2.1 2.53" />
    </>
  ),
  offi: (
    <>
      <circle cx="8" cy="8" r="5.9" />
      <path d="M4 12l8-8" />
    </>
  ),
  fork: (
    <>
      <path d="M8 2.3v3.4M8 5.7 4.2 8.9v4.4M8 5.7l3.8 3.2v4.4M2.7 11.8l1.5 1.5 1.5-1.5M10.3 11.8l1.5 1.5 1.5-1.5" />
    </>
  ),
  euro: (
    <>
      <circle cx="8" cy="8" r="5.7" />
      <path d="M10 6.2a2.5 2.5 0 1 0 0 3.6M5.4 7.4h2.9M5.4 8.7h2.9" />
    </>
  ),
  edit: (
    <>
      <path d="M3 13l.7-2.8 7-7 2.1 2.1-7 7zM9.3 4.6l2.1 2.1" />
    </>
  ),
  runs: (
    <>
      <path d="M2.5 3.8h11M2.5 8h5M2.5 12.2h4.5M10.3 8v5.2l4-2.6z" />
    </>
  ),
  play: (
    <>
      <path d="M5 3.3v9.4L12.4 8z" />
    </>
  ),
  trash: (
    <>
      <path d="M3 4.5h10M6.2 4.5V3h3.6v1.5M4.3 4.5l.6 8.6h6.2l.6-8.6M6.8 7.2v3.4M9.2 7.2v3.4" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.3" />
      <path d="M10.2 10.2 13.6 13.6" />
    </>
  ),
  rows: (
    <>
      <rect x="2.5" y="3" width="11" height="10" rx="1.2" />
      <path d="M2.5 6.4h11M2.5 9.7h11M6.4 6.4V13" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="5.9" />
      <path d="M8 7.4v3.3" />
      <circle cx="8" cy="5.2" r="0.9" fill="currentColor" stroke="none" />
    </>
  ),
  warnf: (
    <>
      <path
        d="M8 1.6c.5 0 .9.3 1.2.7l5.4 9.7c.5.9-.1 2-1.2 2H2.6c-1.1 0-1.7-1.1-1.2-2l5.4-9.7c.3-.4.7-.7 1.2-.7z"
        fill="currentColor"
        stroke="none"
      />
      <path d="M8 5.7v3.1" className="knock-line" />
      <circle cx="8" cy="11.3" r="0.95" stroke="none" className="knock-dot" />
    </>
  ),
  filter: (
    <>
      <path d="M2.5 4.2h11M4.6 8h6.8M6.6 11.8h2.8" />
    </>
  ),
  plug: (
    <>
      <path d="M6 2.3v3M10 2.3v3M4 5.3h8v2.3a4 4 0 0 1-8 0zM8 11.6v2.1" />
    </>
  ),
  flow: (
    <>
      <rect x="2.5" y="2.5" width="7.5" height="3.6" rx="1" />
      <path d="M4.8 6.1v3.6a1 1 0 0 0 1 1h.7" />
      <rect x="6.5" y="8.9" width="7" height="3.6" rx="1" />
    </>
  ),
  inbox: (
    <>
      <path d="M2.5 9.5 4.2 3.6h7.6l1.7 5.9v3.4h-11zM2.5 9.5h3.2l.9 1.5h2.8l.9-1.5h3.2" />
    </>
  ),
  envelope: (
    <>
      <rect x="2.5" y="3.5" width="11" height="9" rx="1.2" />
      <path d="M3 4.6 8 8.6l5-4" />
    </>
  ),
  ident: (
    <>
      <circle cx="6" cy="5.3" r="2.4" />
      <path d="M1.9 13.2c.4-2.5 2-3.8 4.1-3.8 1.3 0 2.4.5 3.1 1.4M11.2 5.2h.9a1.9 1.9 0 0 1 0 3.8h-.9M14 7.1h-3" />
    </>
  ),
  sliders: (
    <>
      <path d="M2.5 5h6M11.6 5h1.9M2.5 11h1.9M7.6 11h5.9" />
      <circle cx="10" cy="5" r="1.6" />
      <circle cx="6" cy="11" r="1.6" />
    </>
  ),
  right: (
    <>
      <path d="M6.4 4.6 9.8 8l-3.4 3.4" />
    </>
  ),
  left: (
    <>
      <path d="M9.6 4.6 6.2 8l3.4 3.4" />
    </>
  ),
  updown: (
    <>
      <path d="M5.2 6.2 8 3.4l2.8 2.8M5.2 9.8 8 12.6l2.8-2.8" />
    </>
  ),
  copy: (
    <>
      <rect x="5.6" y="5.6" width="7.9" height="7.9" rx="1.4" />
      <path d="M10.4 5.6V3.9a1.4 1.4 0 0 0-1.4-1.4H3.9a1.4 1.4 0 0 0-1.4 1.4V9a1.4 1.4 0 0 0 1.4 1.4h1.7" />
    </>
  ),
  link: (
    <>
      <path d="M6.8 9.2a2.5 2.5 0 0 0 3.5 0l2.2-2.2A2.5 2.5 0 0 0 9 3.5l-.8.8M9.2 6.8a2.5 2.5 0 0 0-3.5 0L3.5 9A2.5 2.5 0 0 0 7 12.5l.8-.8" />
    </>
  ),
  ext: (
    <>
      <path d="M6.6 3.5H4.2a.9.9 0 0 0-.9.9v7.4c0 .5.4.9.9.9h7.4c.5 0 .9-.4.9-.9V9.4M9.4 2.7h3.9v3.9M13.1 2.9 7.8 8.2" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="5.6" />
      <path d="M8 4.9v3.3l2.1 1.3" />
    </>
  ),
  replay: (
    <>
      <path d="M3 8.3a5 5 0 1 0 1.6-3.9M4.7 1.9v2.7h2.7" />
    </>
  ),
  undo: (
    <>
      <path d="M5.6 3.4 2.9 6.1l2.7 2.7M3.1 6.1h6.4a3.3 3.3 0 0 1 0 6.6H6.4" />
    </>
  ),
  eye: (
    <>
      <path d="M1.8 8S4 3.9 8 3.9 14.2 8 14.2 8 12 12.1 8 12.1 1.8 8 1.8 8z" />
      <circle cx="8" cy="8" r="1.9" />
    </>
  ),
  key: (
    <>
      <circle cx="5.3" cy="10.7" r="2.7" />
      <path d="M7.3 8.7 13 3M10.6 5.4l2 2" />
    </>
  ),
  globe: (
    <>
      <circle cx="8" cy="8" r="5.6" />
      <path d="M2.4 8h11.2M8 2.4c3 3.3 3 7.9 0 11.2-3-3.3-3-7.9 0-11.2z" />
    </>
  ),
  phone: (
    <>
      <path d="M4.2 2.8h2l1 2.8-1.3 1.1a7 7 0 0 0 3.4 3.4l1.1-1.3 2.8 1v2a1.3 1.3 0 0 1-1.4 1.2C7 12.6 3.4 9 3 4.2a1.3 1.3 0 0 1 1.2-1.4z" />
    </>
  ),
  person: (
    <>
      <circle cx="8" cy="5.2" r="2.6" />
      <path d="M3.1 13.3c.5-2.6 2.4-4 4.9-4s4.4 1.4 4.9 4" />
    </>
  ),
  team: (
    <>
      <circle cx="6" cy="5.5" r="2.3" />
      <path d="M1.9 13.2c.4-2.4 2-3.6 4.1-3.6s3.7 1.2 4.1 3.6M10.6 3.4a2.3 2.3 0 0 1 0 4.2M11.8 9.9c1.3.4 2.1 1.6 2.4 3.3" />
    </>
  ),
  box: (
    <>
      <path d="M8 2.3 13 5.1v5.8l-5 2.8-5-2.8V5.1zM3.2 5.2 8 7.9l4.8-2.7M8 7.9v5.6" />
    </>
  ),
  folder: (
    <>
      <path d="M2.5 4.2h3.8l1.4 1.7h5.8v6.6h-11z" />
    </>
  ),
  tagi: (
    <>
      <path d="M2.8 2.8h4.7l5.7 5.7-4.7 4.7-5.7-5.7z" />
      <circle cx="5.5" cy="5.5" r="1" fill="currentColor" stroke="none" />
    </>
  ),
  pulse: (
    <>
      <path d="M2 8.6h2.5l1.9-4.5 3 7.8 1.8-3.3H14" />
    </>
  ),
  period: (
    <>
      <path d="M2.9 4v8M13.1 4v8M3.4 8h9.2M5.6 5.8 3.4 8l2.2 2.2M10.4 5.8 12.6 8l-2.2 2.2" />
    </>
  ),
  loop: (
    <>
      <path d="M3.1 7.1a4.9 4.9 0 0 1 8.6-2.4L13.1 6M13.1 2.9V6H10M12.9 8.9a4.9 4.9 0 0 1-8.6 2.4L2.9 10M2.9 13.1V10H6" />
    </>
  ),
  braces: (
    <>
      <path d="M6.1 2.8c-1.6 0-2.1.7-2.1 1.9v1.5c0 1.2-.6 1.8-1.5 1.8.9 0 1.5.6 1.5 1.8v1.5c0 1.2.5 1.9 2.1 1.9M9.9 2.8c1.6 0 2.1.7 2.1 1.9v1.5c0 1.2.6 1.8 1.5 1.8-.9 0-1.5.6-1.5 1.8v1.5c0 1.2-.5 1.9-2.1 1.9" />
    </>
  ),
  stop: (
    <>
      <rect x="4" y="4" width="8" height="8" rx="1.2" />
    </>
  ),
  history: (
    <>
      <path d="M3 8.2a5.1 5.1 0 1 0 1.5-3.8M3.3 2.3V5h2.7M8 5.4v2.9l1.9 1.1" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M3.6 12.4l1-1M11.4 4.6l1-1" />
    </>
  ),
  moon: (
    <>
      <path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z" />
    </>
  ),
  keyb: (
    <>
      <rect x="1.8" y="4" width="12.4" height="8.2" rx="1.4" />
      <path d="M5.6 9.9h4.8" />
      <circle cx="4.6" cy="6.8" r="0.75" fill="currentColor" stroke="none" />
      <circle cx="6.9" cy="6.8" r="0.75" fill="currentColor" stroke="none" />
      <circle cx="9.2" cy="6.8" r="0.75" fill="currentColor" stroke="none" />
      <circle cx="11.5" cy="6.8" r="0.75" fill="currentColor" stroke="none" />
    </>
  ),
  arrow: (
    <>
      <path d="M3 8h10M9.3 4.3 13 8l-3.7 3.7" />
    </>
  ),
  useradd: (
    <>
      <circle cx="6.4" cy="5.3" r="2.4" />
      <path d="M2 13.2c.4-2.5 2.1-3.8 4.4-3.8s4 1.3 4.4 3.8M12.6 3.4v4M10.6 5.4h4" />
    </>
  ),
  hook: (
    <>
      <path d="M9.4 2.9h3.8v10.2H9.4M2.6 8h7M6.7 5.1 9.6 8l-2.9 2.9" />
    </>
  ),
  note: (
    <>
      <path d="M3 3h10v7l-3.2 3H3zM13 10h-3.2v3M5.4 6h5.2M5.4 8.6h3" />
    </>
  ),
  file: (
    <>
      <path d="M4 2.2h5l3 3v8.6H4zM9 2.2v3h3" />
    </>
  ),
  save: (
    <>
      <path d="M3 3h8l2 2v8H3zM5.2 3v3.4h4.6V3M5.2 13V9.4h5.6V13" />
    </>
  ),
  side: (
    <>
      <rect x="2.5" y="3" width="11" height="10" rx="1.2" />
      <path d="M10 3v10" />
    </>
  ),
  sidel: (
    <>
      <rect x="2.5" y="3" width="11" height="10" rx="1.2" />
      <path d="M6 3v10" />
    </>
  ),
  flask: (
    <>
      <path d="M6 2.5h4M6.8 2.5v4.1L3.5 12a1 1 0 0 0 .9 1.5h7.2a1 1 0 0 0 .9-1.5L9.2 6.6V2.5M5.2 10h5.6" />
    </>
  ),
  run: (
    <>
      <circle cx="8" cy="8" r="5.9" opacity=".28" />
      <path d="M8 2.1A5.9 5.9 0 0 1 13.9 8" />
    </>
  ),
  ghost: (
    <>
      <path d="M3.4 13.4V7.2a4.6 4.6 0 0 1 9.2 0v6.2l-1.6-1.2-1.5 1.2L8 12.2l-1.5 1.2L5 12.2z" />
      <circle cx="6.2" cy="7.2" r="0.9" fill="currentColor" stroke="none" />
      <circle cx="9.8" cy="7.2" r="0.9" fill="currentColor" stroke="none" />
    </>
  ),
  home: (
    <>
      <path d="M2.5 7.3 8 2.8l5.5 4.5M4 6.3v6.9h8V6.3M6.7 13.2V9.6h2.6v3.6" />
    </>
  ),
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof icons
