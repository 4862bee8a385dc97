package tree

import (
	"cmp"
	"slices"
)

// Severity of a Problem. A spec with an error is not saved.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Codes of problems (section 11).
const (
	Syntax         = "syntax"
	TooLarge       = "too_large"
	UnknownKey     = "unknown_key"
	MissingField   = "missing_field"
	UnknownType    = "unknown_type"
	UnknownName    = "unknown_name"
	UnknownPath    = "unknown_path"
	NameTaken      = "name_taken"
	WrongType      = "wrong_type"
	WrongArguments = "wrong_arguments"
	NotLiteral     = "not_literal"
	BadLiteral     = "bad_literal"
	DuplicateID    = "duplicate_id"
	BadConstant    = "bad_constant"
	BadEnrichment  = "bad_enrichment"
	PersonalData   = "personal_data"
	BadTest        = "bad_test"
)

// Codes of warnings (section 11).
const (
	MayBeMissing         = "may_be_missing"
	LooksLikeFormula     = "looks_like_formula"
	LooksCut             = "looks_cut"
	LooksPersonal        = "looks_personal"
	ChangingKey          = "changing_key"
	UnidentifiedKey      = "unidentified_key"
	UnusedName           = "unused_name"
	Unreachable          = "unreachable"
	AlwaysSame           = "always_same"
	InternalIDStored     = "internal_id_stored"
	StopInLoop           = "stop_in_loop"
	PeriodPerRun         = "period_per_run"
	ConstantWithoutValue = "constant_without_value"
)

// Problem is one thing wrong with a spec, for the person who writes it.
type Problem struct {
	Code          string   `json:"code"`
	Severity      Severity `json:"severity"`
	InstructionID string   `json:"instruction_id,omitempty"`
	Pointer       string   `json:"pointer"` // JSON Pointer into the tree
	Offset        int      `json:"-"`       // bytes into the formula at Pointer, where one could not be read
	Step          int      `json:"-"`       // of the path at Pointer, from 1, that is wrong; 0: all of it
	Message       string   `json:"message" said:"ours"`
	Hint          string   `json:"hint,omitempty" said:"ours"`
	Fix           *Fix     `json:"fix,omitempty"`
	Others        []*Fix   `json:"others,omitempty"` // that may be meant as well, the likeliest first
	Line          int      `json:"line,omitempty"`   // from 1, in the user's own file; 0: there is none
	Column        int      `json:"column,omitempty"` // from 1, in characters
}

// HasErrors says whether one of the problems is more than a warning.
func HasErrors(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Severity == Error })
}

// SortByPlace puts problems in the order of their places in the file; those that have none keep theirs.
func SortByPlace(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
