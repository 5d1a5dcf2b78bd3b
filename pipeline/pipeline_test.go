package pipeline

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"longmai/corpus"
)

func articles(n int) iter.Seq2[*corpus.Article, error] {
	return func(yield func(*corpus.Article, error) bool) {
		for i := range n {
			var err error
			a := &corpus.Article{ID: fmt.Sprint(i)}
			if i%10 == 7 {
				a, err = nil, fmt.Errorf("bad input %d", i)
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

func TestNewNamesTheMissingLayer(t *testing.T) {
	_, err := New(SentenceStage(), Stage{Name: "figures", Needs: []Layer{Sentences, Times}, Adds: []Layer{Figures}})
	if err == nil || !strings.Contains(err.Error(), `"figures" needs layer "times"`) {
		t.Errorf("got %v", err)
	}
}

func TestRunKeepsOrderAndGoesOnBehindErrors(t *testing.T) {
	p, err := New(Stage{Name: "odd", Annotate: func(d *Document) error {
		switch {
		case d.ID == "13":
			panic("boom")
		case d.ID == "15":
			return errors.New("no good")
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{1, 4} {
		var got []string
		for d, err := range p.Run(context.Background(), workers, articles(40)) {
			var ae *ArticleError
			switch {
			case errors.As(err, &ae):
				got = append(got, "stage "+ae.Article.ID)
			case err != nil:
				got = append(got, err.Error())
			default:
				got = append(got, d.ID)
			}
		}
		var want []string
		for i := range 40 {
			switch {
			case i%10 == 7:
				want = append(want, fmt.Sprintf("bad input %d", i))
			case i == 13 || i == 15:
				want = append(want, fmt.Sprintf("stage %d", i))
			default:
				want = append(want, fmt.Sprint(i))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d workers: got %v", workers, got)
		}
	}
}

func TestRunStops(t *testing.T) {
	p, _ := New()
	n := 0
	for range p.Run(context.Background(), 3, articles(1e9)) {
		if n++; n == 20 {
			break
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var last error
	n = 0
	for _, err := range p.Run(ctx, 3, articles(1e9)) {
		last = err
		if n++; n == 20 {
			cancel()
		}
		if n > 1000 {
			t.Fatal("a cancelled run goes on")
		}
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("a cancelled run ends with %v", last)
	}
}

// A run reads ahead by weight: few long articles, more short ones.
func TestRunReadsAhead(t *testing.T) {
	p, _ := New(SentenceStage())
	for size, most := range map[int]int{10: 32*2 + 1, 1 << 20: 4*2 + 1} {
		var read atomic.Int64
		long := strings.Repeat("。", size/3)
		in := func(yield func(*corpus.Article, error) bool) {
			for i := range 500 {
				read.Add(1)
				if !yield(&corpus.Article{ID: fmt.Sprint(i), Text: corpus.CopiedText(long, 0)}, nil) {
					return
				}
			}
		}
		n := 0
		for range p.Run(context.Background(), 2, in) {
			if n++; n > 30 {
				break
			}
			time.Sleep(time.Millisecond)
			if ahead := int(read.Load()) - n; ahead > most {
				t.Fatalf("articles of %d bytes: %d are read ahead, want at most %d", size, ahead, most)
			}
		}
	}
}

// An article that is there is yielded, though the next one does not come.
func TestRunDoesNotWait(t *testing.T) {
	p, _ := New(SentenceStage())
	got := make(chan struct{})
	in := func(yield func(*corpus.Article, error) bool) {
		for range 5 {
			if !yield(&corpus.Article{}, nil) {
				return
			}
			select {
			case <-got:
			case <-time.After(10 * time.Second):
				t.Error("waits for the next article")
				return
			}
		}
	}
	for range p.Run(context.Background(), 3, in) {
		got <- struct{}{}
	}
}

func TestSentences(t *testing.T) {
	for text, want := range map[string][]string{
		"甲。乙！丙": {"甲。", "乙！", "丙"},
		"他说：“好。真好！”然后走了。":  {"他说：“好。", "真好！”", "然后走了。"},
		"增长5.9%，达3.2亿元；下降": {"增长5.9%，达3.2亿元；", "下降"},
		"真的吗？！……是":         {"真的吗？！……", "是"},
		"  \n　甲。 ":         {"甲。"},
		"":                 nil,
	} {
		d := &Document{Article: &corpus.Article{Text: corpus.CopiedText(text, 0), Blocks: []corpus.Block{{Role: corpus.RoleParagraph, Span: Span{End: len(text)}}}}}
		if err := SentenceStage().Annotate(d); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range d.Sentences {
			got = append(got, d.Surface(s))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
