package api

import (
	"context"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/shape"
)

func (s *Server) shapeRows() []Row {
	return []Row{
		{"GET", "/v1/sources/{id}/shape", access.ReadData, "What the last deliveries of a source look like, field by field, and which fields could be personal data that is not marked", one(s.sourceShape)},
		{"GET", "/v1/processors/{id}/shape", access.ReadData, "The same over the sources that are linked to a processor", one(s.processorShape)},
	}
}

type shapeInput struct {
	ID         string `path:"id"`
	Deliveries int    `query:"deliveries" minimum:"1" maximum:"1000" default:"200" doc:"How many of the last ones to look at; fewer where they are big."`
}

type shapeView struct {
	Deliveries  int              `json:"deliveries" doc:"That were looked at."`
	Fields      []shapeField     `json:"fields"`
	MoreFields  bool             `json:"more_fields" doc:"There are more than are told."`
	Suggestions []markSuggestion `json:"suggestions" doc:"Fields that could be personal data of a customer. What is marked already is not among them."`
}

type shapeField struct {
	Path         string         `json:"path" doc:"As marks are written." example:"lines[].sku"`
	Around       int            `json:"around" doc:"So often there was something that could have it."`
	Present      int            `json:"present" doc:"So often it was there, be it with null."`
	Kinds        map[string]int `json:"kinds" doc:"How often its value was null, text, number, boolean, list, object, or personal: replaced at the door."`
	Blank        int            `json:"blank" doc:"Texts with nothing but white space."`
	Distinct     int            `json:"distinct" doc:"Different texts and numbers."`
	MoreDistinct bool           `json:"more_distinct" doc:"There are more of them than were counted."`
	Looks        []fieldLook    `json:"looks" doc:"What its texts look like, the most frequent first."`
	Examples     []string       `json:"examples" doc:"Values, or where they may say something about a person only their outline: x… for letters, 9… for digits."`
	Words        bool           `json:"words" doc:"The examples are all the values there were."`
}

type fieldLook struct {
	Look  shape.Look `json:"look" enum:"pseudonym,email,url,datetime,date,phone,number,iban,postcode,address,id,name,text"`
	Times int        `json:"times"`
	Share float64    `json:"share" doc:"Of the texts that are not blank."`
}

type markSuggestion struct {
	Path  string  `json:"path"`
	Kind  string  `json:"kind" doc:"As of a mark." enum:"email,phone,name,address,postcode,date,text"`
	Share float64 `json:"share" doc:"Of its values that look so; 1 where its name says it."`
	Why   string  `json:"why" said:"ours"`
}

func viewShape(s *shape.Shape) shapeView {
	v := shapeView{Deliveries: s.Samples, Fields: []shapeField{}, MoreFields: s.More, Suggestions: []markSuggestion{}}
	for i := range s.Fields {
		f := &s.Fields[i]
		one := shapeField{
			Path: f.Path, Around: f.Around, Present: f.Present, Kinds: map[string]int{}, Blank: f.Blank, Distinct: f.Distinct, MoreDistinct: f.More,
			Looks: []fieldLook{}, Examples: append([]string{}, f.Examples...), Words: f.Words,
		}
		for _, k := range f.Kinds {
			one.Kinds[k.Kind] = k.Times
		}
		for _, l := range f.Looks {
			one.Looks = append(one.Looks, fieldLook{l.Look, l.Times, f.Share(l.Look)})
		}
		v.Fields = append(v.Fields, one)
	}
	for _, one := range s.Suggestions() {
		v.Suggestions = append(v.Suggestions, markSuggestion(one))
	}
	return v
}

func (s *Server) sourceShape(ctx context.Context, in *shapeInput) (shapeView, error) {
	n, err := number(id.Source, "source", in.ID)
	if err != nil {
		return shapeView{}, err
	}
	tenantID := caller(ctx).TenantID
	if _, err := s.Store.Source(ctx, tenantID, n); err != nil {
		return shapeView{}, err
	}
	learned, err := s.Store.Shape(ctx, s.Library, tenantID, []int64{n}, in.Deliveries)
	if err != nil {
		return shapeView{}, err
	}
	return viewShape(learned), nil
}

func (s *Server) processorShape(ctx context.Context, in *shapeInput) (shapeView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return shapeView{}, err
	}
	p, err := s.Store.Processor(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return shapeView{}, err
	}
	learned, err := processor.Shape(ctx, s.Store, s.Library, p, in.Deliveries)
	if err != nil {
		return shapeView{}, err
	}
	return viewShape(learned), nil
}
