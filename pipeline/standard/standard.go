// Package standard holds the list of stages that ships.
//
//	p, err := standard.New(standard.Options{})
package standard

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"longmai/pipeline"
	"longmai/pipeline/entity"
	"longmai/pipeline/entity/tagger"
	"longmai/pipeline/figure"
	"longmai/pipeline/relation"
	"longmai/pipeline/segment"
	"longmai/pipeline/times"
)

// Options refine the line. The zero value works; what ships has tagger.Default() in it.
type Options struct {
	Segmenter *segment.Segmenter // nil means segment.Auto()
	Rules     fs.FS              // tables of your own, laid over those that ship, by the names of Tables; nil for none
	Entities  entity.Options     // without a tagger names are found by tables and grammar alone: several times as fast, and some points worse
}

// New returns THE pipeline: the stages in the order in which a document passes them.
func New(o Options) (*pipeline.Pipeline, error) {
	if o.Segmenter == nil {
		o.Segmenter = segment.Auto()
	}
	if o.Rules != nil {
		if err := known(o.Rules); err != nil {
			return nil, err
		}
		o.Entities.Rules = o.Rules
	}
	entities, err := entity.New(o.Entities)
	if err != nil {
		return nil, err
	}
	dates, numbers := times.Stage(), figure.Stage()
	if o.Rules != nil {
		if dates, err = times.New(o.Rules); err != nil {
			return nil, err
		}
		r, err := figure.New(figure.Options{Rules: o.Rules})
		if err != nil {
			return nil, err
		}
		numbers = r.Stage()
	}
	return pipeline.New(
		pipeline.SentenceStage(),
		segment.Stage(o.Segmenter),
		dates,
		entities.Stage(),
		numbers,
		relation.Stage(entities),
	)
}

// Tables names the tables that Options.Rules may extend, sorted.
func Tables() []string {
	return slices.Sorted(slices.Values(slices.Concat(times.Tables(), figure.Tables(), entity.Tables())))
}

// known refuses a table of rules that no stage reads: a misspelt name would do nothing in silence.
func known(rules fs.FS) error {
	names, err := fs.Glob(rules, "*.tsv")
	if err != nil {
		return err
	}
	for _, n := range names {
		if !slices.Contains(Tables(), n) {
			return fmt.Errorf("%s: no table of this name, want one of %s", n, strings.Join(Tables(), ", "))
		}
	}
	return nil
}

// Versions names what decides the annotations of the line that ships.
func Versions() map[string]string {
	return map[string]string{
		"schema":     pipeline.SchemaVersion,
		"dictionary": segment.Version,
		"times":      times.Version(),
		"entities":   entity.Version(),
		"figures":    figure.Version(),
		"model":      tagger.Version(),
	}
}

// NoModel is the version of the model of a line without a tagger.
const NoModel = "none"

// Versions names what decides the annotations of the line of o, the user's
// decisions about names left out: results of equal versions are equal.
func (o Options) Versions() (map[string]string, error) {
	v := Versions()
	v["model"] = NoModel
	if t := o.Entities.Tagger; t != nil {
		v["model"] = t.Info().SHA256[:len(tagger.Version())]
	}
	if o.Rules == nil {
		return v, nil
	}
	sum := sha256.New()
	for _, name := range Tables() {
		b, err := fs.ReadFile(o.Rules, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(b), b)
	}
	v["rules"] = hex.EncodeToString(sum.Sum(nil)[:6])
	return v, nil
}
