// Numbers keep every digit the server sent. JavaScript's numbers hold 15 to 17 digits; one that would lose any stays a
// text inside an Exact, and is only ever shown or sent back, never calculated with.

export class Exact {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString() {
    return this.text
  }
  toJSON() {
    const raw = (JSON as { rawJSON?: (text: string) => unknown }).rawJSON
    return raw ? raw(this.text) : this.text
  }
}

export type Num = number | Exact

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown

const keepDigits: Reviver = (_key, value, context) => {
  if (typeof value !== "number" || context?.source === undefined) return value
  return canonical(context.source) === canonical(String(value)) ? value : new Exact(context.source)
}

// A number that may lose a digit has sixteen of them, or an exponent. Without one the browser's own parser does, which is
// several times as fast.
const long = /(?:^|[:,[])\s*-?(?:[\d.]{16}|[\d.]+[eE])/

export function parseExact(text: string): unknown {
  if (!long.test(text)) return JSON.parse(text)
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
}

// canonical writes a JSON number without exponent, trailing zeros or negative zero.
export function canonical(source: string): string {
  const m = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source)
  if (!m) return source
  const exponent = Number(m[4] ?? 0)
  if (Math.abs(exponent) > 1000) return source
  let whole = m[2] ?? ""
  let fraction = m[3] ?? ""
  if (exponent > 0) {
    fraction = fraction.padEnd(exponent, "0")
    whole += fraction.slice(0, exponent)
    fraction = fraction.slice(exponent)
  } else if (exponent < 0) {
    whole = whole.padStart(1 - exponent, "0")
    fraction = whole.slice(exponent) + fraction
    whole = whole.slice(0, exponent)
  }
  whole = whole.replace(/^0+(?=\d)/, "")
  fraction = fraction.replace(/0+$/, "")
  const digits = fraction ? `${whole}.${fraction}` : whole
  return digits === "0" ? "0" : m[1] + digits
}
