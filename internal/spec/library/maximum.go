package library

var maximum = extreme("maximum", "Largest", "The largest number or latest datetime.", 1,
	Example{"maximum(3, null, 2)", "3"}, Example{"maximum(-1, -2)", "-1"})
