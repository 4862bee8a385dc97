package tree

// Twins gives, for each instruction at the top of b, the place of the same one in a, or -1 where there is none. Twins have
// the same id and the same content, with all that stands within; notes do not count. They stand in the same order in both.
// Specs that differ in anything that stands beside the instructions have none: an instruction may mean something else there.
func Twins(a, b *Spec) []int {
	twins := make([]int, len(b.Instructions))
	for i := range twins {
		twins[i] = -1
	}
	if a.frame() != b.frame() {
		return twins
	}
	at := make(map[string]int, len(a.Instructions))
	for i, in := range a.Instructions {
		at[in.program()] = i
	}
	last := -1
	for i, in := range b.Instructions {
		if place, ok := at[in.program()]; ok && place > last {
			twins[i], last = place, place
		}
	}
	return twins
}

// frame is what a program has beside its instructions.
func (s *Spec) frame() string {
	bare := *s
	bare.Instructions = nil
	w := writer{ids: true, canonical: true}
	w.spec(&bare)
	return string(w.b)
}

// program is what an instruction adds to a program.
func (i *Instruction) program() string {
	w := writer{ids: true, canonical: true}
	w.instruction(i)
	return string(w.b)
}
