package tree

import "strings"

// Closest gives the candidate that is a slip of the pen away from name, "" if none is: two letters at most, and of short
// names no more than one in three.
func Closest(name string, candidates []string) string {
	best, at := "", min(2, len(name)/3)+1
	for _, c := range candidates {
		if d := distance(strings.ToLower(name), c, at); d < at {
			best, at = c, d
		}
	}
	return best
}

// Near says whether a candidate is a slip of the pen away from name, as Closest has it, and how many letters it is.
func Near(name, candidate string) (letters int, near bool) {
	most := min(2, len(name)/3) + 1
	letters = distance(strings.ToLower(name), candidate, most)
	return letters, letters < most
}

// distance counts the letters to change, add, drop or swap with the next; enough when it reaches limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	n := len(b) + 1
	var rows [3 * 40]int // of most names; a spec may have many to compare with
	room := rows[:]
	if len(room) < 3*n {
		room = make([]int, 3*n)
	}
	before, last, row := room[:n], room[n:2*n], room[2*n:3*n]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
