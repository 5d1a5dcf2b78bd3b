package tagger

import (
	"embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"longmai/pipeline/segment"
)

//go:embed lists/*.tsv
var ownLists embed.FS

// listFiles are the lists of a data folder, by file name.
var listFiles = []struct {
	kind ListKind
	name string
}{
	{ListDivisions, "adm_gansu.tsv"},
	{ListDivisions, "adm_cn.tsv"},
	{ListSurnames, "surnames.tsv"},
	{ListGiven, "given_name_characters.tsv"},
	{ListOrg, "suffix_org.tsv"},
	{ListPlace, "suffix_place.tsv"},
	{ListTitles, "titles.tsv"},
}

// nameFiles are tables of names in a folder, by file name.
var nameFiles = []struct{ kind, name string }{
	{"place", "places.tsv"}, {"organization", "organizations.tsv"}, {"facility", "facilities.tsv"},
	{"event", "events.tsv"}, {"project", "projects.tsv"}, {"policy", "policies.tsv"},
}

// NameLists returns the tables of names in a folder such as the data of package entity.
func NameLists(folder string) []WordList {
	out := []WordList{FileList(ListCountries, filepath.Join(folder, "countries.tsv"))}
	for _, f := range nameFiles {
		l := FileList(ListNames, filepath.Join(folder, f.name))
		l.Type = f.kind
		out = append(out, l)
	}
	return out
}

// DataLists returns the lists of a data folder, with those that the program
// brings along: the dictionary of package segment, last words of names, the
// characters of foreign names.
func DataLists(folder string) []WordList {
	out := []WordList{{Kind: ListWords, Name: "dictionary of package segment", Open: openDictionary}}
	for _, f := range listFiles {
		out = append(out, FileList(f.kind, filepath.Join(folder, f.name)))
	}
	return append(out, ownList(ListSuffixes, "suffixes.tsv"), ownList(ListSounds, "sounds.tsv"))
}

func openDictionary() (io.ReadCloser, error) {
	d, err := segment.Words()
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for w, e := range d.All() {
		if !strings.ContainsAny(w, " \t#") {
			fmt.Fprintf(&b, "%s\t%d\t%s\n", w, e.Freq, e.POS)
		}
	}
	return io.NopCloser(strings.NewReader(b.String())), nil
}

// ShippedOptions returns what the model that ships is trained with. Shared is
// the folder with data and gold/train, root the root of this repository. The
// lists grow after a model was trained: with Lists nil and Base the model that
// ships, its lexicon is taken over, and training gives the same bytes again.
func ShippedOptions(shared, root string) TrainOptions {
	return TrainOptions{
		Train: []Source{
			{Path: filepath.Join(shared, "gold", "train"), Format: FormatMarked, Scheme: "longmai"},
			{Path: filepath.Join(root, "pipeline", "entity", "tagger", "pages"), Format: FormatMarked, Scheme: "longmai"},
			{Path: filepath.Join(shared, "data", "uner", "train.iob2"), Scheme: "uner"},
		},
		Tune:     []Source{{Path: filepath.Join(shared, "data", "uner", "dev.iob2"), Scheme: "uner"}},
		Holdout:  0.1,
		Lists:    append(DataLists(filepath.Join(shared, "data")), NameLists(filepath.Join(root, "pipeline", "entity", "data"))...),
		Dropout:  0.4,
		Features: 120_000,
		Words:    80_000,
		Seed:     1,
	}
}

// FileList returns the word list in a file.
func FileList(kind ListKind, path string) WordList {
	return WordList{Kind: kind, Name: filepath.Base(path), Open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

func ownList(kind ListKind, name string) WordList {
	return WordList{Kind: kind, Name: name, Open: func() (io.ReadCloser, error) { return ownLists.Open("lists/" + name) }}
}
