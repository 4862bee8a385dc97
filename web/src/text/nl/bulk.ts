export default {
  "more than {n}": "meer dan {n}",
  "Go on in the background": "Op de achtergrond verder",
  "Nothing matches any more.": "Niets past nog.",
  "It is done to {n} that match now, and to nothing that comes later.": "Het gebeurt met de {n} die nu passen, en met niets wat later komt.",
  Progress: "Voortgang",
  "{n} done": "{n} gedaan",
  "Stopped after {n}; what was done stays.": "Gestopt na {n}; wat gedaan is blijft.",
  "{of, plural, one {It is done.} other {All {n} are done.}}": "{of, plural, one {Het is gedaan.} other {Alle {n} zijn gedaan.}}",
  "{n} could not be done:": "Bij {n} lukte het niet:",
  "What could not be done": "Wat niet lukte",
} as Record<string, string>
