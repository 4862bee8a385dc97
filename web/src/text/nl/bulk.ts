export default {
  "more than {n}": "meer dan {n}",
  "Go on in the background": "Op de achtergrond verder",
  "Nothing matches any more.": "Niets past nog.",
  "It is done to {n} that match now, and to nothing that comes later.": "Het gebeurt met de {n} die nu passen, en met niets wat later komt.",
  Progress: "Voortgang",
  "{n} done": "{n} gedaan",
  "Stopped after {n}; what was done stays.": "Gestopt na {n}; wat gedaan is blijft.",
  "{of, plural, one {It is done.} other {All {n} are done.}}": "{of, plural, one {Het is gedaan.} other {Alle {n} zijn gedaan.}}",
  "{of, plural, =0 {None went well.} one {One went well.} other {{n} went well.}}":
    "{of, plural, =0 {Geen ging goed.} one {Eén ging goed.} other {{n} gingen goed.}}",
  "What was looked at of it has run already, and is not run again.": "Wat ervan is bekeken, is al uitgevoerd en wordt niet opnieuw uitgevoerd.",
  "{n, plural, other {#}} can only be run for real": "{n, plural, one {# is} other {# zijn}} alleen echt uit te voeren",
  "{n} went wrong:": "{n} ging mis:",
  "{n, plural, other {#}} would make something new": "{n, plural, one {# zou} other {# zouden}} iets nieuws maken",
  "{n, plural, other {#}} would change something": "{n, plural, one {# zou} other {# zouden}} iets wijzigen",
  "{n, plural, other {#}} would leave all as it is": "{n, plural, one {# zou} other {# zouden}} alles laten zoals het is",
  "{n, plural, other {#}} would fail": "{n, plural, one {# zou} other {# zouden}} mislukken",
  "{n, plural, one {One was tried out without writing:} other {The first # were tried out without writing:}}":
    "{n, plural, one {Eén is geprobeerd zonder iets te schrijven:} other {De eerste # zijn geprobeerd zonder iets te schrijven:}}",
} as Record<string, string>
