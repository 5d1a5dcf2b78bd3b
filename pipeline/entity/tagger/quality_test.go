package tagger

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var again = flag.Bool("again", false, "with -train: take the lexicon of the model that ships, and want the same bytes")

var train = flag.String("train", "", "train the model that ships anew and write it to this file, its manifest beside it")

// TestManifest holds model.json beside model.lmt to what the model is.
func TestManifest(t *testing.T) {
	data, err := os.ReadFile("model.json")
	if err != nil {
		t.Fatal(err)
	}
	var man Manifest
	if err := json.Unmarshal(data, &man); err != nil {
		t.Fatal(err)
	}
	m := shippedModel(t)
	if i := m.Info(); man.SHA256 != i.SHA256 || man.Size != i.Size || man.Lexicon != m.Lexicon().sum() {
		t.Errorf("model.json tells of model %s, lexicon %s; want %s, %s", man.SHA256, man.Lexicon, i.SHA256, m.Lexicon().sum())
	}
}

// shared returns the folder of the annotated data: LONGMAI_SHARED, or shared beside the repository.
func shared(t testing.TB) (folder, root string) {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(root)
		if up == root {
			t.Skip("no go.mod above this package")
		}
		root = up
	}
	folder = os.Getenv("LONGMAI_SHARED")
	if folder == "" {
		folder = filepath.Join(root, "..", "shared")
	}
	if _, err := os.Stat(filepath.Join(folder, "gold", "train")); err != nil {
		t.Skip("the annotated data is not there: set LONGMAI_SHARED to its folder")
	}
	return folder, root
}

func (s Score) String() string {
	return fmt.Sprintf("%5.1f %5.1f %5.1f  %d", 100*s.Precision(), 100*s.Recall(), 100*s.F1(), s.Gold)
}

func (r *Report) golden() string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n%-14s %s  [%.1f %.1f]  seen %.1f unseen %.1f\n", r.Data, "all", r.All, 100*r.F1Low, 100*r.F1High, 100*r.Seen.Recall(), 100*r.Unseen.Recall())
	var types []string
	for t := range r.Types {
		types = append(types, t)
	}
	slices.Sort(types)
	for _, t := range types {
		fmt.Fprintf(&b, "%-14s %s\n", t, r.Types[t])
	}
	return b.String()
}

// TestQuality holds the figures of the shipped model. UPDATE=1 writes them anew.
func TestQuality(t *testing.T) {
	folder, root := shared(t)
	m := shippedModel(t)
	o := ShippedOptions(folder, root)
	var known []*Dataset
	var data []*Dataset
	for i, src := range o.Train {
		d, err := ReadDataset(src)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			rest, held := Split(d, o.Holdout)
			data, d = append(data, held), rest
		}
		known = append(known, d)
	}
	for _, src := range append(o.Tune,
		Source{Path: filepath.Join(folder, "data", "uner", "test.iob2"), Scheme: "uner"},
		Source{Path: filepath.Join(folder, "gold"), Format: FormatGold, Scheme: "longmai"},
	) {
		d, err := ReadDataset(src)
		if err != nil {
			t.Fatal(err)
		}
		data = append(data, d)
	}
	got := "# Strict spans: precision, recall, F1, mentions; the 95 % interval of F1; recall of names that the training data has and has not.\n"
	for _, d := range data {
		r, err := Evaluate(context.Background(), d, m.Predict(d), EvalOptions{Known: known})
		if err != nil {
			t.Fatal(err)
		}
		got += r.golden()
	}
	golden := filepath.Join("testdata", "quality.golden")
	if os.Getenv("UPDATE") != "" {
		write(t, golden, got)
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the quality of the model changed:\n%swant\n%s", got, want)
	}
}

// TestTrainShipped makes the model that ships:
//
//	go test ./pipeline/entity/tagger -run TrainShipped -train model.lmt
//
// Without -train it does nothing. With -again the lexicon is that of the model
// that ships, and the file must become the same.
func TestTrainShipped(t *testing.T) {
	if *train == "" {
		t.Skip("-train is not given")
	}
	folder, root := shared(t)
	o := ShippedOptions(folder, root)
	if *again {
		o.Lists, o.Base = nil, shippedModel(t)
	}
	o.Progress = func(p Progress) {
		if p.Loss > 0 {
			t.Logf("epoch %d of %d, loss %.4f", p.Epoch, p.Epochs, p.Loss)
		}
	}
	got, err := Train(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := json.MarshalIndent(got.Manifest, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if *again && !bytes.Equal(got.Data, shipped) {
		t.Errorf("the model is not the one that ships: SHA-256 %s, want %s", got.Manifest.SHA256, o.Base.Info().SHA256)
	}
	write(t, *train, string(got.Data))
	write(t, strings.TrimSuffix(*train, ".lmt")+".json", string(manifest)+"\n")
}
