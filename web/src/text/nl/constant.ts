export default {
  "Line {n} has no “=” between key and value.": "Op regel {n} staat geen “=” tussen sleutel en waarde.",
  "Line {n} has the key {key} a second time.": "Op regel {n} staat de sleutel {key} een tweede keer.",
  "Line {n}: {problem}": "Regel {n}: {problem}",
  "A number is written like 1250 or -0.50, with a point.": "Schrijf een getal als 1250 of -0.50, met een punt.",
  "Write true or false.": "Schrijf true of false.",
}
