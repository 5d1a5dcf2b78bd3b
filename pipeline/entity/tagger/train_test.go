package tagger

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// list is a word list of the given lines.
func list(kind ListKind, lines ...string) WordList {
	return WordList{Kind: kind, Name: string(kind) + ".tsv", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(strings.Join(lines, "\n") + "\n")), nil
	}}
}

var toyLists = []WordList{
	list(ListWords, "会议 10 n", "出席 10 v", "介绍 10 v", "市长 10 n", "县长 10 n", "公司 10 n"),
	list(ListSurnames, "王\t2000", "李\t1500", "赵\t900", "欧阳\t40"),
	list(ListGiven, "明\t900", "华\t800", "平\t700", "文\t300"),
	list(ListDivisions, "62\t甘肃省\t甘肃\t1\t", "6201\t兰州市\t兰州\t2\t62", "6203\t金昌市\t金昌\t2\t62", "6204\t白银市\t白银\t2\t62",
		"6206\t武威市\t武威\t2\t62", "6208\t平凉市\t平凉\t2\t62", "6210\t庆阳市\t庆阳\t2\t62", "6211\t定西市\t定西\t2\t62"),
	list(ListSuffixes, "organization\t公司", "place\t市"),
}

// toyPages are pages of one pattern: 市长 is followed by a person, and 在 by a
// place. The names of the test pages are not those of the training pages.
func toyPages(t *testing.T) (train, test string) {
	dir := t.TempDir()
	train, test = filepath.Join(dir, "train"), filepath.Join(dir, "test")
	surnames, given := []rune("王李赵"), []rune("明华平文")
	r := rand.New(rand.NewPCG(1, 1))
	page := func(places []string, from int) string {
		var b strings.Builder
		for range 12 {
			s := surnames[r.IntN(len(surnames))]
			g := given[(from+r.IntN(2))%4]
			p := places[r.IntN(len(places))]
			fmt.Fprintf(&b, "市长⟦%c%c%c|person⟧在⟦%s|place⟧出席会议。\n会议没有介绍。\n", s, g, g, p)
		}
		return b.String()
	}
	for i := range 10 {
		write(t, filepath.Join(train, fmt.Sprintf("%02d.txt", i)), page([]string{"兰州市", "金昌", "庆阳市", "定西", "平凉", "武威市"}, 0))
	}
	write(t, filepath.Join(test, "t.txt"), page([]string{"白银市", "白银"}, 2))
	return train, test
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func toyOptions(t *testing.T) TrainOptions {
	train, test := toyPages(t)
	return TrainOptions{
		Train: []Source{{Path: train, Format: FormatMarked, Scheme: "toy"}},
		Tune:  []Source{{Path: test, Format: FormatMarked, Scheme: "toy"}},
		Lists: toyLists, Epochs: 12, Seed: 7, Workers: 1,
	}
}

func TestTrainLearnsAPattern(t *testing.T) {
	for _, augment := range []int{0, 2} {
		o := toyOptions(t)
		o.Augment = augment
		got, err := Train(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		r := got.Manifest.Reports[0]
		if f := r.All.F1(); f < 0.95 {
			t.Errorf("%d copies: F1 %.3f on names that were never seen, want 0.95: %+v", augment, f, r)
		}
		if r.Seen.Gold != 0 || r.Unseen.Gold != r.All.Gold {
			t.Errorf("%d copies: %d seen, %d unseen of %d mentions, want all unseen", augment, r.Seen.Gold, r.Unseen.Gold, r.All.Gold)
		}
	}
}

func TestTrainGivesTheSameBytes(t *testing.T) {
	o := toyOptions(t)
	first, err := Train(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Workers = 3
	second, err := Train(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Data, second.Data) {
		t.Error("the model depends on the number of workers")
	}
	o.Seed++
	other, err := Train(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(first.Data, other.Data) {
		t.Error("the seed changes nothing")
	}
}

func TestTrainGoesOnFromACheckpoint(t *testing.T) {
	o := toyOptions(t)
	whole, err := Train(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Checkpoint = filepath.Join(t.TempDir(), "checkpoint")
	ctx, cancel := context.WithCancel(context.Background())
	o.Progress = func(p Progress) {
		if p.Step == "epoch" && p.Epoch == 11 {
			cancel()
		}
	}
	if _, err := Train(ctx, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want that of the context", err)
	}
	epochs := 0
	o.Progress = func(p Progress) {
		if p.Loss > 0 {
			epochs++
		}
	}
	rest, err := Train(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if epochs != 2 {
		t.Errorf("%d epochs after the interruption, want the last 2", epochs)
	}
	if !bytes.Equal(whole.Data, rest.Data) {
		t.Error("an interrupted training gives another model")
	}
	o.Seed++
	if _, err := Train(context.Background(), o); err == nil || !strings.Contains(err.Error(), "another training") {
		t.Errorf("error %v for a checkpoint of another seed", err)
	}
}

func TestTrainRefuses(t *testing.T) {
	train, _ := toyPages(t)
	pages := []Source{{Path: train, Format: FormatMarked}}
	empty := filepath.Join(t.TempDir(), "empty.txt")
	write(t, empty, "没有标记。\n")
	for _, c := range []struct {
		name string
		o    TrainOptions
		want string
	}{
		{"nothing", TrainOptions{Lists: toyLists}, "no data"},
		{"a missing file", TrainOptions{Train: []Source{{Path: "missing"}}, Lists: toyLists}, "missing"},
		{"no mentions", TrainOptions{Train: []Source{{Path: empty, Format: FormatMarked}}, Lists: toyLists}, "0 types"},
		{"too much held out", TrainOptions{Train: pages, Lists: toyLists, Holdout: 0.9}, "holdout"},
		{"copies without lists", TrainOptions{Train: pages, Lists: toyLists[:1], Augment: 1}, "surnames"},
		{"a bad list", TrainOptions{Train: pages, Lists: []WordList{list(ListSurnames, "# source", "王\tmany")}}, `surnames.tsv:2: count "many"`},
		{"a short line", TrainOptions{Train: pages, Lists: []WordList{list(ListDivisions, "62\t甘肃省")}}, "divisions.tsv:1: 2 fields, want 4"},
	} {
		if _, err := Train(context.Background(), c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

// The file holds a byte for each weight and leaves the slightest out. What it
// says of a character, of some fifty weights, must be what training says.
func TestCompactionKeepsTheScores(t *testing.T) {
	o := toyOptions(t)
	if err := o.fill(); err != nil {
		t.Fatal(err)
	}
	tr := trainer{o: o}
	for _, step := range []func(context.Context) error{tr.read, tr.words, tr.number, tr.learn} {
		if err := step(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	got, err := tr.result(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	L := tr.crf.labels
	var d decoder
	var g gradient
	for k, c := range tr.chains {
		tr.crf.compute(c, &g, expOf(tr.crf.trans), nil)
		d.decode(got.Model, tr.examples[k].s.Text)
		for i := range c.n() {
			for l := range L {
				want := float64(g.score[i*L+l] - g.score[i*L])
				if have := float64(d.score[i*L+l]-d.score[i*L]) / unit; math.Abs(have-want) > 0.4 {
					t.Fatalf("sentence %d, character %d, label %d: score %.3f above that of label 0, want %.3f", k, i, l, have, want)
				}
			}
		}
	}
}

func TestSchemesKeepTheirOwnHabits(t *testing.T) {
	dir := t.TempDir()
	// Two corpora that disagree: the title belongs to the person in one of them.
	a, b := filepath.Join(dir, "a.txt"), filepath.Join(dir, "b.txt")
	write(t, a, strings.Repeat("市长⟦王明|person⟧出席。\n县长⟦李华|person⟧介绍。\n", 20))
	write(t, b, strings.Repeat("⟦市长王明|person⟧出席。\n⟦县长李华|person⟧介绍。\n", 20))
	got, err := Train(context.Background(), TrainOptions{
		Train: []Source{{Path: a, Scheme: "a"}, {Path: b, Scheme: "b"}}, Lists: toyLists, Epochs: 8, Workers: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	const text = "市长王明出席。"
	other, ok := got.Model.Scheme("b")
	if !ok {
		t.Fatal("the model does not know scheme b")
	}
	for _, c := range []struct {
		m    *Model
		want string
	}{{got.Model, "王明"}, {other, "市长王明"}} {
		s := c.m.Tag(text)
		if len(s) != 1 || text[s[0].Start:s[0].End] != c.want {
			t.Errorf("scheme finds %v, want %s", s, c.want)
		}
	}
	if _, ok := got.Model.Scheme("c"); ok {
		t.Error("the model knows a scheme that it was not trained with")
	}
}

// sealed writes the checksum that belongs to data, so that what lies behind it is reached.
func sealed(data []byte) []byte {
	if len(data) >= len(magic)+4 {
		binary.LittleEndian.PutUint32(data[len(magic):], crc32.Checksum(data[len(magic)+4:], castagnoli))
	}
	return data
}

func toyModel(t testing.TB) []byte {
	dir := t.TempDir()
	page := filepath.Join(dir, "p.txt")
	if err := os.WriteFile(page, []byte(strings.Repeat("市长⟦王明|person⟧在⟦兰州市|place⟧出席会议。\n", 9)), 0o666); err != nil {
		t.Fatal(err)
	}
	got, err := Train(context.Background(), TrainOptions{Train: []Source{{Path: page}}, Lists: toyLists, Epochs: 2, Features: 60, Words: 20, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	return got.Data
}

func TestLoadRefusesDamage(t *testing.T) {
	good := toyModel(t)
	if _, err := Load(good); err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]byte{nil, []byte("x"), good[:len(good)-1], append(bytes.Clone(good), 0), []byte(magic)} {
		if _, err := Load(bad); err == nil {
			t.Errorf("%d bytes are taken for a model", len(bad))
		}
	}
	r := rand.New(rand.NewPCG(1, 9))
	for i := range 600 {
		data := bytes.Clone(good)
		at := r.IntN(len(data))
		if i%2 == 0 { // the header and the heads of the tables are few among all bytes
			at = len(data) - 1 - r.IntN(min(2000, len(data)))
		}
		data[at] ^= byte(1 + r.IntN(255))
		if _, err := Load(data); err == nil {
			t.Fatalf("a changed byte at %d goes unnoticed", at)
		}
		if m, err := Load(sealed(data)); err == nil {
			m.Read("市长王明在兰州市出席会议。", 0.01)
		}
	}
	for n := range len(good) {
		if n%97 != 0 {
			continue
		}
		if m, err := Load(sealed(bytes.Clone(good[:n]))); err == nil {
			m.Tag("市长王明在兰州市出席会议。")
			t.Errorf("the first %d of %d bytes are taken for a model", n, len(good))
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(toyModel(f))
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := Load(sealed(bytes.Clone(data))); err == nil {
			m.Read("市长王明在兰州市出席会议。", 0.01)
		}
	})
}

// A file of many keys in one place would take hours to load, if it were loaded.
func TestLoadRefusesDenseKeys(t *testing.T) {
	for _, step := range []uint64{0, 1} {
		var entries []entry2
		for i := range uint64(200_000) {
			entries = append(entries, entry2{key: i * step, weights: []labelWeight{{1, 1}}})
		}
		s := stage2{labels: 5, entries: appendEntries2(nil, entries)}
		if err := s.fill(len(entries), 1); err == nil {
			t.Errorf("keys %d apart are taken", step)
		}
	}
}

func TestTrainRefusesImpossibleOptions(t *testing.T) {
	for _, c := range []struct {
		set  func(*TrainOptions)
		want string
	}{
		{func(o *TrainOptions) { o.Train = nil }, "no data to train on"},
		{func(o *TrainOptions) { o.Epochs = -1 }, "epochs -1, want 1 or more"},
		{func(o *TrainOptions) { o.Augment = -2 }, "copies -2, want"},
		{func(o *TrainOptions) { o.Features = -1 }, "features -1, want"},
		{func(o *TrainOptions) { o.Words = -1 }, "features of words -1, want"},
		{func(o *TrainOptions) { o.Workers = -3 }, "workers -3, want"},
		{func(o *TrainOptions) { o.Rate = -0.1 }, "rate -0.1, want"},
		{func(o *TrainOptions) { o.Rate = math.NaN() }, "rate NaN, want"},
		{func(o *TrainOptions) { o.Holdout = 0.7 }, "holdout 0.7, want 0 to 0.5"},
		{func(o *TrainOptions) { o.Holdout = math.NaN() }, "holdout NaN, want"},
		{func(o *TrainOptions) { o.Dropout = 0.95 }, "dropout 0.95, want"},
		{func(o *TrainOptions) { o.Dropout = math.NaN() }, "dropout NaN, want"},
	} {
		o := toyOptions(t)
		c.set(&o)
		if _, err := Train(context.Background(), o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}
