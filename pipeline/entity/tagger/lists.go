package tagger

import (
	"embed"
	"io"
	"os"
	"path/filepath"
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

// DataLists returns the lists of a data folder with those that the package
// brings along: last words of names, and the characters of foreign names. A
// dictionary is to be added: words may be the path of one, with a word, a
// frequency and a part of speech a line.
func DataLists(folder, words string) []WordList {
	var out []WordList
	if words != "" {
		out = append(out, FileList(ListWords, words))
	}
	for _, f := range listFiles {
		out = append(out, FileList(f.kind, filepath.Join(folder, f.name)))
	}
	return append(out, ownList(ListSuffixes, "suffixes.tsv"), ownList(ListSounds, "sounds.tsv"))
}

// FileList returns the word list in a file.
func FileList(kind ListKind, path string) WordList {
	return WordList{Kind: kind, Name: filepath.Base(path), Open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

func ownList(kind ListKind, name string) WordList {
	return WordList{Kind: kind, Name: name, Open: func() (io.ReadCloser, error) { return ownLists.Open("lists/" + name) }}
}
